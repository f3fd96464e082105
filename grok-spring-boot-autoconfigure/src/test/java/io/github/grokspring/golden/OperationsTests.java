package io.github.grokspring.golden;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

import io.github.grokspring.actuate.ErrorStatistics;
import io.github.grokspring.actuate.GrokEndpoint;
import io.github.grokspring.actuate.SpendStatistics;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.XaiServer;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.actuate.endpoint.jackson.EndpointJsonMapper;
import org.springframework.boot.actuate.info.Info;
import org.springframework.boot.actuate.info.InfoContributor;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What operators see after a fixed series of calls: the JSON of the endpoint, of the
 * health indicator and of the info contributor, and names, types and tags of the meters.
 * Times and durations are replaced. {@code -Dgolden.write=true} regenerates the files.
 */
class OperationsTests {

	private static final Instant START = Instant.parse("2026-11-21T15:20:00Z");

	private static final Duration TIMEOUT = Duration.ofSeconds(20);

	private static final Pattern INSTANT = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d(:\\d\\d(\\.\\d+)?)?Z");

	/** What depends on how long the calls took. */
	private static final Pattern MEASURED = Pattern
		.compile("(\"(?:latency|remainingRequests|remainingTokens)\" : )[^,\\n]+");

	@Test
	void endpointHealthAndMetersAreThoseOfTheGoldenFiles() {
		InstantSource clock = InstantSource.fixed(START);
		try (XaiServer xai = XaiServer.builder().clock(clock).start()) {
			application(xai, clock).run((context) -> {
				assertThat(context).hasNotFailed();
				calls(context, xai);
				Golden.verify("endpoint.json", json(context, context.getBean(GrokEndpoint.class).grok()));
				Golden.verify("endpoint-model.json",
						json(context, context.getBean(GrokEndpoint.class).model("models", "grok-4.3")));
				Golden.verify("health.json",
						json(context, context.getBean("grokHealthIndicator", HealthIndicator.class).health()));
				Info.Builder info = new Info.Builder();
				context.getBean(InfoContributor.class).contribute(info);
				Golden.verify("info.json", json(context, info.build()));
				Golden.verify("meters.txt", meters(context.getBean(MeterRegistry.class)));
			});
		}
	}

	private static ApplicationContextRunner application(XaiServer xai, InstantSource clock) {
		// A second passes between two failures, so that they have an order
		AtomicLong seconds = new AtomicLong();
		InstantSource later = () -> START.plusSeconds(seconds.incrementAndGet());
		ObservationRegistry observations = ObservationRegistry.create();
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		return Applications.starter()
			.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class,
					JacksonEndpointAutoConfiguration.class, HealthContributorRegistryAutoConfiguration.class))
			.withBean(MeterRegistry.class, () -> meters)
			.withBean(ObservationRegistry.class, () -> observations)
			.withBean(SpendStatistics.class, () -> new SpendStatistics(clock))
			.withBean(ErrorStatistics.class, () -> new ErrorStatistics(later))
			.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl(),
					"management.endpoints.web.exposure.include=grok", "management.endpoint.grok.show-values=always",
					"grok.chat.system=Be brief.", "grok.clients.deep.model=grok-4.7", "grok.clients.deep.api=responses",
					"grok.clients.deep.tools.web-search.enabled=true", "grok.clients.deep.tools.mcp[0].label=tickets",
					"grok.clients.deep.tools.mcp[0].url=https://mcp.example.com/sse",
					"grok.clients.deep.tools.mcp[0].headers.X-Key=1",
					"grok.clients.deep.tools.mcp[0].allowed-tools=find", "grok.clients.bridge.transport=spring-ai",
					"grok.clients.old.model=grok-3-mini", "grok.budgets.all-time.limit=10",
					"grok.budgets.all-time.window=total", "grok.budgets.guests.limit=0.5",
					"grok.budgets.guests.scope=tenant", "grok.budgets.guests.window=total",
					"grok.budgets.models.limit=5", "grok.budgets.models.scope=model",
					"grok.budgets.models.window=month", "grok.cache.enabled=true", "grok.retry.max-attempts=2",
					"grok.retry.initial-interval=1ms", "grok.retry.jitter=none", "grok.fallback.models=grok-4.5",
					"grok.rate-limit.requests-per-minute=600", "grok.rate-limit.tokens-per-minute=100000000",
					"grok.rate-limit.max-concurrent=1", "grok.redaction.enabled=true",
					"grok.runaway-guard.min-characters=100", "grok.cost.drift-warning=100%");
	}

	private static void calls(ApplicationContext context, XaiServer xai) {
		ChatClient client = context.getBean("grokChatClient", ChatClient.class);
		success(client, xai);
		stream(client, xai);
		cacheHit(client, xai);
		serverTools(context.getBean("deepChatClient", ChatClient.class), xai);
		xai.answers("Over the bridge.").usage(100, 10);
		content(context.getBean("bridgeChatClient", ChatClient.class).prompt("2 + 5?"));
		retryAndFallback(client, xai);
		failure(client, xai);
		droppedParameter(client, xai);
		xai.answers("Redirected.").model("grok-4.5").usage(100, 10);
		content(client.prompt("2 + 9?"));
		content(client.prompt("Write to ann@example.com"));
		budgetRefusal(client);
		runaway(client, xai);
		rateLimitWait(client, xai, context.getBean(MeterRegistry.class));
	}

	private static void success(ChatClient client, XaiServer xai) {
		xai.answers("Four.").usage(1_000, 100).reasoningTokens(50).cachedTokens(600);
		content(client.prompt("2 + 2?").toolContext(Map.of(TenantResolver.CONTEXT_KEY, "blue")));
	}

	private static void stream(ChatClient client, XaiServer xai) {
		xai.answers("Five it is.").usage(1_000, 100);
		client.prompt("2 + 3?").stream().content().blockLast(TIMEOUT);
	}

	private static void cacheHit(ChatClient client, XaiServer xai) {
		xai.answers("Six.").usage(1_000, 100);
		content(client.prompt("2 + 4?"));
		content(client.prompt("2 + 4?"));
	}

	private static void serverTools(ChatClient client, XaiServer xai) {
		xai.answers("Found.")
			.searchingTheWeb("2 + 5", "https://example.com")
			.citing("https://example.com")
			.usage(100, 10);
		content(client.prompt("2 + 5?"));
	}

	private static void retryAndFallback(ChatClient client, XaiServer xai) {
		xai.failsWith(503);
		xai.failsWith(503);
		xai.answers("The other model.").usage(100, 10);
		content(client.prompt("2 + 6?"));
	}

	private static void failure(ChatClient client, XaiServer xai) {
		xai.refusesForSafety();
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> content(client.prompt("2 + 7?")));
	}

	private static void droppedParameter(ChatClient client, XaiServer xai) {
		xai.answersRaw(400, "application/json", """
				{"code":"Client specified an invalid argument",\
				"error":"Model grok-4.3 does not support parameter temperature."}""");
		xai.answers("Eight.").usage(100, 10);
		content(client.prompt("2 + 8?")
			.options(GrokChatOptions.builder().temperature(0.5).stopSequences(List.of("9"))));
	}

	private static void budgetRefusal(ChatClient client) {
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> content(client.prompt("2 + 10?")
			.toolContext(Map.of(TenantResolver.CONTEXT_KEY, "green"))
			.options(GrokChatOptions.builder().maxTokens(1_000_000))));
	}

	private static void runaway(ChatClient client, XaiServer xai) {
		// In one piece, so that it does not matter how many are received before the
		// stream is stopped
		xai.answers("").inChunks("again and ".repeat(200)).usage(100, 400);
		assertThatExceptionOfType(GrokException.class)
			.isThrownBy(() -> client.prompt("2 + 11?").stream().content().blockLast(TIMEOUT));
	}

	/**
	 * A call waits while a stream has the only place.
	 */
	private static void rateLimitWait(ChatClient client, XaiServer xai, MeterRegistry meters) {
		xai.answersInChunks(5).stallsAfter(1, TIMEOUT);
		CompletableFuture<String> first = new CompletableFuture<>();
		Disposable stream = client.prompt("2 + 12?").stream().content().subscribe(first::complete);
		join(first);
		CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> content(client.prompt("2 + 13?")));
		await(() -> meters.get("grok.client.concurrency.queued").gauge().value() == 1);
		stream.dispose();
		assertThat(join(waiting)).isNotEmpty();
		await(() -> meters.find("grok.client.requests").tag("outcome", "cancelled").timer() != null);
		await(() -> meters.find("http.client.requests.active")
			.longTaskTimers()
			.stream()
			.allMatch((timer) -> timer.activeTasks() == 0));
	}

	private static void await(Callable<Boolean> condition) {
		Awaitility.await().atMost(TIMEOUT).until(condition);
	}

	private static <T> T join(CompletableFuture<T> future) {
		return future.orTimeout(TIMEOUT.toSeconds(), TimeUnit.SECONDS).join();
	}

	private static String content(ChatClient.ChatClientRequestSpec request) {
		return Objects.requireNonNull(request.call().content());
	}

	private static String json(ApplicationContext context, Object value) {
		JsonMapper mapper = context.getBean(EndpointJsonMapper.class).get();
		JsonNode tree = mapper.readTree(mapper.writeValueAsString(value));
		String text = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build().writeValueAsString(tree);
		return normalized(text) + "\n";
	}

	private static String normalized(String text) {
		String normalized = INSTANT.matcher(text).replaceAll("<instant>");
		return MEASURED.matcher(normalized).replaceAll("$1\"<measured>\"");
	}

	private static String meters(MeterRegistry registry) {
		// Some gauges are registered when the first ones are read
		registry.get("grok.budget.used").gauges().forEach(Gauge::value);
		Set<String> lines = new TreeSet<>();
		for (Meter meter : registry.getMeters()) {
			Meter.Id id = meter.getId();
			lines.add(id.getName() + " | " + id.getType() + " | " + Objects.requireNonNullElse(id.getBaseUnit(), "-")
					+ " | " + prometheusName(id) + " | "
					+ StreamSupport.stream(id.getTagsAsIterable().spliterator(), false)
						.sorted()
						.map(OperationsTests::tag)
						.collect(Collectors.joining(", ")));
		}
		return String.join("\n", lines) + "\n";
	}

	private static String tag(Tag tag) {
		return tag.getKey() + "=" + (tag.getKey().endsWith("port") ? "<port>" : tag.getValue());
	}

	/**
	 * The name that Micrometer's registry for Prometheus derives.
	 */
	private static String prometheusName(Meter.Id id) {
		String name = NamingConvention.snakeCase.name(id.getName(), id.getType(), id.getBaseUnit());
		String unit = switch (id.getType()) {
			case COUNTER, DISTRIBUTION_SUMMARY, GAUGE -> id.getBaseUnit();
			case TIMER, LONG_TASK_TIMER -> "seconds";
			case OTHER -> null;
		};
		if (unit != null && !name.endsWith("_" + unit)) {
			name += "_" + unit;
		}
		return (id.getType() == Meter.Type.COUNTER && !name.endsWith("_total")) ? name + "_total" : name;
	}

}
