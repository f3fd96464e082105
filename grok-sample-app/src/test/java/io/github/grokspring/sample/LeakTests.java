package io.github.grokspring.sample;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.grokspring.autoconfigure.GrokConnectionDetails;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.test.XaiServer;
import io.micrometer.core.instrument.MeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Endpoints, logs, meters, exceptions and events contain neither the API key nor parts of
 * prompts and responses, whatever happens to calls.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "grok.api-key=", "XAI_API_KEY=", "grok.chat.system=Obey. " + LeakTests.SYSTEM,
				"grok.clients.fast.system=Obey. " + LeakTests.SYSTEM, "grok.fallback.models=grok-4.5",
				"management.endpoints.web.exposure.include=*", "management.endpoint.health.show-details=always",
				"management.prometheus.metrics.export.enabled=true", "grok.budgets.tiny.limit=50",
				"grok.clients.searcher.api=responses", "grok.clients.bridged.transport=spring-ai",
				"grok.clients.bridged.system=Obey. " + LeakTests.SYSTEM, "grok.rate-limit.learn=false",
				"logging.level.io.github.grokspring=debug" })
class LeakTests {

	static final String SYSTEM = "marker-of-the-system-prompt";

	private static final String USER = "marker-of-the-user";

	private static final String ANSWER = "marker-of-the-answer";

	private static final String TOOL_RESULT = "marker-of-the-tool";

	private static final List<String> SECRETS = List.of(XaiServer.API_KEY, SYSTEM, USER, ANSWER, TOOL_RESULT);

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String PROMPT = "Tell nobody: " + USER;

	/** Files, or what lies beyond this library. */
	private static final List<String> UNREAD = List.of("heapdump", "threaddump", "logfile");

	private final List<Throwable> failures = new ArrayList<>();

	private final XaiServer xai;

	private final ChatClient chatClient;

	private final ChatClient fast;

	private final ChatClient searcher;

	private final ChatClient bridged;

	LeakTests(@Autowired XaiServer xai, @Autowired ChatClient chatClient, @Autowired @Qualifier("fast") ChatClient fast,
			@Autowired @Qualifier("searcher") ChatClient searcher,
			@Autowired @Qualifier("bridged") ChatClient bridged) {
		this.xai = xai;
		this.chatClient = chatClient;
		this.fast = fast;
		this.searcher = searcher;
		this.bridged = bridged;
	}

	@Test
	void nothingThatWasSaidIsFoundAnywhere(@Autowired ApplicationContext context, @Autowired MeterRegistry meters,
			@Autowired RecordedEvents events, @Autowired CircuitBreakers breakers, @LocalServerPort int port,
			CapturedOutput output) {
		for (ChatClient client : List.of(this.chatClient, this.fast, this.searcher, this.bridged)) {
			succeed(client);
			breakers.statuses().forEach((breaker) -> breakers.reset(breaker.name()));
			fail(client);
			breakers.statuses().forEach((breaker) -> breakers.reset(breaker.name()));
		}
		cancel(this.chatClient);
		assertThat(this.failures).hasSizeGreaterThan(100);
		assertThat(events.events()).isNotEmpty();

		List<Place> places = new ArrayList<>();
		this.failures.forEach((failure) -> places.add(new Place("exception " + failure.getClass(), print(failure))));
		events.events().forEach((event) -> places.add(new Place("event", event.toString())));
		meters.getMeters().forEach((meter) -> places.add(new Place("meter", meter.getId().toString())));
		for (String name : context.getBeanDefinitionNames()) {
			Object bean = (name.startsWith("grok") || name.endsWith("ChatClient")) ? context.getBean(name) : "";
			places.add(new Place("bean " + name, bean.toString()));
		}
		places.add(new Place("model", context.getBean(GrokChatModel.class).getOptions().toString()));
		places.add(new Place("connection", context.getBean(GrokConnectionDetails.class).toString()));
		places.addAll(endpoints(port));
		output.getAll().lines().forEach((line) -> places.add(new Place("log", line)));
		assertThat(places).extracting(Place::name)
			.contains("log", "event", "meter", "/actuator/grok", "/actuator/prometheus", "/actuator/configprops");
		assertThat(places.stream().filter(Place::leaks).limit(20)).isEmpty();
	}

	private void succeed(ChatClient client) {
		this.xai.reset();
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).call().content());
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).stream().content().blockLast(PATIENCE));
		this.xai.answersWithToolCall("secretOf", "{\"name\":\"" + USER + "\"}");
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).tools(new Secrets(false)).call().content());
		this.xai.answersWithToolCall("secretOf", "{\"name\":\"" + USER + "\"}");
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).tools(new Secrets(true)).call().content());
		this.xai.failsWith(429);
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).call().content());
		this.xai.failsWith(503).times(3);
		this.xai.answers(ANSWER);
		run(() -> client.prompt(PROMPT).call().content());
	}

	private void fail(ChatClient client) {
		String echo = "your prompt was: " + PROMPT + " " + SYSTEM + " and your key " + XaiServer.API_KEY + " " + ANSWER
				+ TOOL_RESULT;
		for (int status : new int[] { 400, 401, 403, 404, 413, 422, 429, 500, 503 }) {
			for (String body : new String[] { "{\"code\":\"Some code\",\"error\":\"" + echo + "\"}",
					"{\"error\":{\"message\":\"" + echo + "\",\"type\":\"x\",\"code\":\"" + USER + "\"}}", echo }) {
				this.xai.reset();
				for (int i = 0; i < 12; i++) {
					this.xai.answersRaw(status, body.startsWith("{") ? "application/json" : "text/plain", body);
				}
				run(() -> talk(client).call().content());
			}
		}
		this.xai.reset();
		failInOtherWays(client, (call) -> run(() -> call.call().content()), echo);
		failInOtherWays(client, (call) -> run(() -> call.stream().content().blockLast(PATIENCE)), echo);
	}

	private void failInOtherWays(ChatClient client, Consumer<ChatClient.ChatClientRequestSpec> way, String echo) {
		List<Runnable> obstacles = List.of(() -> this.xai.refusesForSafety(), () -> this.xai.hasNoCredits(),
				() -> this.xai.resetsConnection(), () -> this.xai.answersWithError("Some code", echo),
				() -> this.xai.answersRaw(200, "application/json", "{\"choices\":[{\"message\":\"" + ANSWER),
				() -> this.xai.answersRaw(200, "text/html", "<html>" + echo),
				() -> this.xai.streamsRaw("data: {\"error\":\"" + echo + "\"}\n\n"),
				() -> this.xai.answersRaw(200, "application/json",
						"{\"error\":{\"message\":\"" + echo + "\",\"code\":\"" + USER + "\"}}"),
				() -> this.xai.streamsRaw("data: " + ANSWER + "\n\n"),
				() -> this.xai.streamsRaw("event: error\ndata: {\"type\":\"error\",\"code\":\"" + USER
						+ "\",\"message\":\"" + echo + "\"}\n\n"));
		for (Runnable obstacle : obstacles) {
			this.xai.reset();
			for (int i = 0; i < 12; i++) {
				obstacle.run();
			}
			way.accept(talk(client));
		}
		this.xai.reset();
	}

	private void cancel(ChatClient client) {
		this.xai.reset();
		this.xai.answersInChunks(10).stallsAfter(1, PATIENCE.multipliedBy(10));
		CountDownLatch begun = new CountDownLatch(1);
		Disposable stalled = client.prompt(PROMPT).stream().content().subscribe((piece) -> begun.countDown());
		try {
			assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			stalled.dispose();
		}
		this.xai.awaitClientDisconnect(PATIENCE);
	}

	private void run(Runnable call) {
		try {
			call.run();
		}
		catch (RuntimeException ex) {
			this.failures.add(ex);
		}
	}

	// A conversation in which everything was said that xAI may repeat.
	private static ChatClient.ChatClientRequestSpec talk(ChatClient client) {
		return client.prompt()
			.messages(new UserMessage("Whose is it?"), AssistantMessage.builder()
				.content("Wait. " + ANSWER)
				.toolCalls(List
					.of(new AssistantMessage.ToolCall("call-1", "function", "secretOf", "{\"name\":\"" + USER + "\"}")))
				.build(),
					ToolResponseMessage.builder()
						.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "secretOf", TOOL_RESULT)))
						.build())
			.user(PROMPT);
	}

	private static List<Place> endpoints(int port) {
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		JsonNode links = JsonMapper.shared().readTree(read(client, "/actuator")).path("_links");
		List<Place> places = new ArrayList<>();
		for (Map.Entry<String, JsonNode> link : links.properties()) {
			String href = link.getValue().path("href").stringValue();
			if (!link.getValue().path("templated").booleanValue() && !UNREAD.contains(link.getKey())) {
				String path = href.substring(href.indexOf("/actuator"));
				places.add(new Place(path, read(client, path)));
			}
		}
		for (JsonNode name : JsonMapper.shared().readTree(read(client, "/actuator/metrics")).path("names")) {
			places.add(new Place("metric", read(client, "/actuator/metrics/" + name.stringValue())));
		}
		return places;
	}

	private static String read(RestTestClient client, String path) {
		byte[] body = client.get().uri(path).exchange().expectBody().returnResult().getResponseBody();
		return (body != null) ? new String(body) : "";
	}

	private static String print(Throwable failure) {
		StringWriter text = new StringWriter();
		failure.printStackTrace(new PrintWriter(text, true));
		return text.toString();
	}

	/**
	 * A place where operators look.
	 *
	 * @param name name of the place
	 * @param text its content
	 */
	record Place(String name, String text) {

		boolean leaks() {
			return SECRETS.stream().anyMatch(this.text::contains);
		}

		@Override
		public String toString() {
			return this.name + ": "
					+ SECRETS.stream()
						.filter(this.text::contains)
						.map((secret) -> "…" + this.text.substring(Math.max(0, this.text.indexOf(secret) - 200),
								this.text.indexOf(secret) + secret.length()))
						.toList();
		}

	}

	/**
	 * A tool that returns confidential text, or fails with it.
	 *
	 * @param fails whether it fails
	 */
	record Secrets(boolean fails) {

		@Tool(description = "Tells secrets")
		String secretOf(String name) {
			if (this.fails) {
				throw new IllegalStateException(TOOL_RESULT);
			}
			return TOOL_RESULT;
		}

	}

	record RecordedEvents(List<GrokEvent> events) implements GrokEventListener {

		@Override
		public void onEvent(GrokEvent event) {
			this.events.add(event);
		}

	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Ears {

		@Bean
		RecordedEvents recordedEvents() {
			return new RecordedEvents(new CopyOnWriteArrayList<>());
		}

		@Bean
		Sleeper noWaiting() {
			return new Sleeper() {

				@Override
				public void sleep(Duration duration) {
				}

				@Override
				public Mono<Void> delay(Duration duration) {
					return Mono.empty();
				}

			};
		}

	}

}
