package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import io.github.grokspring.actuate.GrokDescriptor;
import io.github.grokspring.actuate.GrokEndpoint;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ServerTiming;
import io.github.grokspring.connection.ConversationIdHasher;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.Measurement;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jackson.JacksonEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Calls, attempts, requests and conversations are told apart in events, on both endpoints
 * and over both transports.
 */
@Timeout(120)
class CallIdentityOnTheWireTests {

	private static final String CONVERSATION = "jane.doe@example.com";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(EndpointAutoConfiguration.class,
				JacksonEndpointAutoConfiguration.class, GrokEndpointAutoConfiguration.class))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.retry.initial-interval=1ms", "grok.retry.jitter=none",
				"management.endpoints.web.exposure.include=grok")
		.withBean(SimpleMeterRegistry.class, () -> this.meters)
		.withBean(GrokEventListener.class, () -> this.events::add);

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static List<Ask> asks() {
		List<Ask> asks = new ArrayList<>();
		for (TransportInvocation wish : TransportInvocation.all()) {
			asks.add(new Ask(wish, GrokApi.CHAT_COMPLETIONS));
			if (wish.transport().equals("native")) {
				asks.add(new Ask(wish, GrokApi.RESPONSES));
			}
		}
		return asks;
	}

	@ParameterizedTest
	@MethodSource("asks")
	void attemptsOfACallShareItsIdAndHaveTheirOwnRequestIds(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property()).run((context) -> {
			xai.failsWith(503).header("x-request-id", "request-1");
			xai.answers("Noon.").header("x-request-id", "request-2").byDefault();
			ChatResponse response = ask.send(context, ask.prompt());
			String sent = xai.lastRequest().header("x-grok-conv-id");
			assertThat(sent).isEqualTo(new ConversationIdHasher(xai::apiKey).hash(CONVERSATION));
			String call = finished().get(0).callId();
			assertThat(finished())
				.extracting(AttemptFinished::callId, AttemptFinished::attempt, AttemptFinished::requestId,
						AttemptFinished::conversationId)
				.containsExactly(tuple(call, 1, "request-1", sent), tuple(call, 2, "request-2", sent));
			assertThat(events(AttemptFailed.class))
				.extracting(AttemptFailed::callId, AttemptFailed::attempt, AttemptFailed::requestId,
						AttemptFailed::conversationId)
				.containsExactly(tuple(call, 1, "request-1", sent));
			assertThat(costs())
				.extracting(CostRecorded::callId, CostRecorded::attempt, CostRecorded::requestId,
						CostRecorded::conversationId)
				.containsExactly(tuple(call, 2, "request-2", sent));
			assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
			assertThat(response.getMetadata().<String>get("grok.request-id")).isEqualTo("request-2");
			assertThat(this.events.toString()).doesNotContain(CONVERSATION);
			ask.send(context, ask.prompt());
			assertThat(finished()).hasSize(3);
			assertThat(finished().get(2).callId()).isNotEqualTo(call);
			assertThat(finished().get(2).attempt()).isOne();
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void conversationIdIsThatOfTheRequest(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property()).run((context) -> {
			xai.answers("Noon.").byDefault();
			ask.send(context, new Prompt("hi", ask.options().build()));
			ask.send(context, new Prompt("hi", ask.options().conversationId(CONVERSATION).promptCache(false).build()));
			ask.send(context, new Prompt("hi",
					ask.options().conversationId(CONVERSATION).headers(Map.of("X-Grok-Conv-Id", "own")).build()));
			assertThat(costs()).extracting(CostRecorded::conversationId).containsExactly(null, null, "own");
			assertThat(xai.requests()).extracting((request) -> request.header("x-grok-conv-id"))
				.containsExactly(null, null, "own");
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void attemptsAreCountedOverFallbacks(Ask ask) {
		this.runner
			.withPropertyValues(ask.wish().property(), "grok.retry.max-attempts=2", "grok.fallback.models=grok-4.5")
			.run((context) -> {
				xai.failsWith(503).times(2);
				xai.answers("Noon.");
				ChatResponse response = ask.send(context, ask.prompt());
				assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(3);
				assertThat(finished()).extracting(AttemptFinished::model, AttemptFinished::attempt)
					.containsExactly(tuple("grok-4.3", 1), tuple("grok-4.3", 2), tuple("grok-4.5", 3));
				assertThat(events(AttemptFailed.class)).extracting(AttemptFailed::attempt).containsExactly(1, 2);
				assertThat(costs()).extracting(CostRecorded::attempt).containsExactly(3);
				assertThat(Stream.concat(finished().stream().map(AttemptFinished::callId),
						events(AttemptFailed.class).stream().map(AttemptFailed::callId)))
					.hasSize(5)
					.containsOnly(costs().get(0).callId());
			});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void attemptsBeforeARejectionAreCountedAndTheRejectionIsNot(Ask ask) {
		this.runner
			.withPropertyValues(ask.wish().property(), "grok.circuit-breaker.minimum-calls=1",
					"grok.fallback.models=grok-4.5")
			.run((context) -> {
				xai.failsWith(503);
				xai.answers("Noon.");
				ChatResponse response = ask.send(context, ask.prompt());
				assertThat(xai.requestCount()).isEqualTo(2);
				assertThat(finished()).extracting(AttemptFinished::model, AttemptFinished::attempt)
					.containsExactly(tuple("grok-4.3", 1), tuple("grok-4.5", 2));
				assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
			});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void anotherClientThatIsAFallbackIsPartOfTheCall(Ask ask) {
		Other other = new Other();
		this.runner.withBean("other", ChatModel.class, () -> other)
			.withPropertyValues(ask.wish().property(), "spring.ai.model.chat=grok", "grok.retry.enabled=false",
					"grok.fallback.chat-models=other")
			.run((context) -> {
				other.model = context.getBean("grokChatModel", GrokChatModel.class);
				xai.failsWith(503);
				xai.answers("Noon.");
				ChatResponse response = ask.send(context, ask.prompt());
				assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
				assertThat(finished()).extracting(AttemptFinished::attempt).containsExactly(1, 2);
				assertThat(finished()).extracting(AttemptFinished::callId).containsOnly(costs().get(0).callId());
			});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void lostAttemptsAreIdentified(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			if (ask.wish().stream()) {
				xai.answersInChunks(10).stallsAfter(2, Duration.ofMinutes(5)).header("x-request-id", "request-1");
				model.stream(ask.prompt()).blockFirst(TransportInvocation.PATIENCE);
			}
			else {
				xai.answers("late").silentFor(Duration.ofMinutes(5));
				interrupt(model, ask.prompt());
			}
			assertThat(finished()).singleElement().satisfies((attempt) -> {
				assertThat(attempt.attempt()).isOne();
				assertThat(attempt.conversationId()).isEqualTo(xai.lastRequest().header("x-grok-conv-id")).isNotNull();
				assertThat(attempt.requestId()).isEqualTo(ask.wish().stream() ? "request-1" : null);
			});
			assertThat(costs()).singleElement().satisfies((cost) -> {
				assertThat(cost.callId()).isEqualTo(finished().get(0).callId());
				assertThat(cost.requestId()).isEqualTo(finished().get(0).requestId());
				assertThat(cost.isCached()).isFalse();
			});
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void timeoutAfterTheHeadersHasTheRequestId(Ask ask) {
		this.runner
			.withPropertyValues(ask.wish().property(), "grok.retry.enabled=false", "grok.http.read-timeout=1s",
					"grok.http.reasoning-read-timeout=1s", "grok.http.stream-idle-timeout=1s")
			.run((context) -> {
				xai.answers("late").silentAfterHeaders(Duration.ofMinutes(5)).header("x-request-id", "request-1");
				assertThat(ask.wish().failure(context.getBean(GrokChatModel.class), ask.prompt()).kind())
					.isEqualTo(ErrorKind.TIMEOUT);
				assertThat(finished()).extracting(AttemptFinished::requestId).containsExactly("request-1");
				assertThat(costs()).extracting(CostRecorded::requestId).containsExactly("request-1");
				assertThat(events(AttemptFailed.class)).extracting(AttemptFailed::requestId)
					.containsExactly("request-1");
			});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void brokenStreamsAndResponsesAreIdentified(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property(), "grok.retry.enabled=false").run((context) -> {
			xai.answersInChunks(10).failsAfter(2, "internal", "Internal error").header("x-request-id", "request-1");
			assertThat(catchThrowable(() -> ask.send(context, ask.prompt()))).isNotNull();
			assertThat(finished()).extracting(AttemptFinished::requestId).containsExactly("request-1");
			assertThat(events(AttemptFailed.class)).extracting(AttemptFailed::requestId, AttemptFailed::callId)
				.containsExactly(tuple("request-1", finished().get(0).callId()));
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void subscriptionsAndThreadsWithOnePromptAreCallsOfTheirOwn(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property()).run((context) -> {
			xai.answers("Noon.").byDefault();
			GrokChatModel model = context.getBean(GrokChatModel.class);
			Prompt prompt = ask.prompt();
			if (ask.wish().stream()) {
				Flux<ChatResponse> stream = model.stream(prompt);
				Flux.range(0, 20).flatMap((i) -> stream).blockLast(TransportInvocation.PATIENCE);
			}
			else {
				CompletableFuture
					.allOf(Stream.generate(() -> CompletableFuture.runAsync(() -> model.call(prompt)))
						.limit(20)
						.toArray(CompletableFuture[]::new))
					.orTimeout(TransportInvocation.PATIENCE.toSeconds(), TimeUnit.SECONDS)
					.join();
			}
			assertThat(costs()).hasSize(20).extracting(CostRecorded::callId).doesNotHaveDuplicates();
			assertThat(costs()).extracting(CostRecorded::attempt).containsOnly(1);
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void roundsOfToolsAreCallsOfTheirOwn(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property(), "grok.chat.api=" + ask.property()).run((context) -> {
			xai.answersWithToolCall("now", "{}");
			xai.answers("Noon.");
			ChatClient.ChatClientRequestSpec request = context.getBean(ChatClient.class)
				.prompt("What time is it?")
				.tools(new Clock());
			assertThat(ask.wish().stream() ? String.join("", request.stream().content().collectList().block())
					: request.call().content())
				.isEqualTo("Noon.");
			assertThat(costs()).hasSize(2).extracting(CostRecorded::callId).doesNotHaveDuplicates();
			assertThat(costs()).extracting(CostRecorded::attempt).containsOnly(1);
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void serverTimingIsInResponsesAndInAttempts(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property()).run((context) -> {
			xai.answers("Noon.")
				.header("x-metrics-ttft-ms", "222.5")
				.header("x-metrics-mean-itl-ms", "6.7")
				.header("x-metrics-e2e-ms", "1712.4");
			ChatResponse response = ask.send(context, ask.prompt());
			ServerTiming timing = response.getMetadata().get("grok.server-timing");
			assertThat(timing).isNotNull();
			if (ask.wish().stream()) {
				assertThat(timing).isEqualTo(new ServerTiming(222.5, 6.7, 1712.4));
			}
			assertThat(finished()).singleElement().satisfies((attempt) -> {
				assertThat(attempt.serverTimeToFirstToken()).isEqualTo(millis(timing.timeToFirstToken()));
				assertThat(attempt.serverDuration()).isEqualTo(millis(timing.endToEnd()));
			});
		});
	}

	@ParameterizedTest
	@MethodSource("asks")
	void cacheHitIsRecordedAtNoCostAndCountsNowhereElse(Ask ask) {
		this.runner.withPropertyValues(ask.wish().property(), "grok.cache.enabled=true", "grok.budgets.daily.limit=5")
			.withBean(TenantResolver.class, () -> (prompt) -> "acme")
			.run((context) -> {
				xai.answers("Noon.").usage(200, 10).header("x-request-id", "request-1");
				ask.send(context, ask.prompt());
				List<Double> measured = costsAndTokens();
				long used = used(context);
				GrokDescriptor.Amount spent = context.getBean(GrokEndpoint.class).grok().spend().total();
				ChatResponse hit = ask.send(context, ask.prompt());
				assertThat(hit.getMetadata().<String>get("grok.cache")).isEqualTo("hit");
				assertThat(xai.requestCount()).isOne();
				assertThat(finished()).hasSize(1);
				CostRecorded paid = costs().get(0);
				assertThat(costs()).hasSize(2).last().satisfies((cost) -> {
					assertThat(cost.isCached()).isTrue();
					assertThat(cost.attempt()).isZero();
					assertThat(List.of(cost.ticks(), cost.tableTicks(), cost.cacheSavedTicks(), cost.inputTokens(),
							cost.cachedInputTokens(), cost.imageInputTokens(), cost.outputTokens(),
							cost.reasoningTokens()))
						.containsOnly(0L);
					assertThat(cost.serverToolCalls()).isEmpty();
					assertThat(cost.callId()).isNotEqualTo(paid.callId());
					assertThat(cost.requestId()).isNull();
					assertThat(cost.conversationId()).isEqualTo(paid.conversationId()).isNotNull();
					assertThat(cost.model()).isEqualTo(paid.model());
					assertThat(cost.requestedModel()).isEqualTo(paid.requestedModel());
					assertThat(cost.client()).isEqualTo("default");
					assertThat(cost.tenant()).isEqualTo("acme");
				});
				assertThat(costsAndTokens()).isEqualTo(measured);
				assertThat(used(context)).isEqualTo(used).isEqualTo(paid.ticks());
				assertThat(context.getBean(GrokEndpoint.class).grok().spend().total()).isEqualTo(spent);
			});
	}

	@Test
	void requestsThatShareAResponseAreRecordedOnceEach() {
		this.runner.withPropertyValues("grok.cache.enabled=true").run((context) -> {
			xai.answers("Noon.").silentFor(Duration.ofMillis(300));
			Flux<ChatResponse> stream = context.getBean(GrokChatModel.class).stream(new Prompt("hi"));
			Flux.range(0, 5).flatMap((i) -> stream).blockLast(TransportInvocation.PATIENCE);
			assertThat(xai.requestCount()).isOne();
			assertThat(costs()).hasSize(5).extracting(CostRecorded::callId).doesNotHaveDuplicates();
			assertThat(costs()).filteredOn(CostRecorded::isCached)
				.hasSize(4)
				.extracting(CostRecorded::ticks)
				.containsOnly(0L);
		});
	}

	private static Duration millis(double millis) {
		return Duration.ofNanos((long) (millis * 1_000_000));
	}

	private static void interrupt(GrokChatModel model, Prompt prompt) {
		CompletableFuture<Throwable> end = new CompletableFuture<>();
		Thread caller = new Thread(() -> end.complete(catchThrowable(() -> model.call(prompt))));
		caller.start();
		Awaitility.await().atMost(TransportInvocation.PATIENCE).until(() -> xai.requestCount() == 1);
		caller.interrupt();
		assertThat(end.orTimeout(TransportInvocation.PATIENCE.toSeconds(), TimeUnit.SECONDS).join()).isNotNull();
	}

	private List<AttemptFinished> finished() {
		return events(AttemptFinished.class);
	}

	private List<CostRecorded> costs() {
		return events(CostRecorded.class);
	}

	private <T extends GrokEvent> List<T> events(Class<T> type) {
		return this.events.stream().filter(type::isInstance).map(type::cast).toList();
	}

	private List<Double> costsAndTokens() {
		return Stream.of("grok.client.cost", "grok.client.tokens", "grok.client.requests")
			.flatMap((name) -> this.meters.find(name).meters().stream())
			.map(Meter::measure)
			.flatMap((values) -> StreamSupport.stream(values.spliterator(), false))
			.map(Measurement::getValue)
			.toList();
	}

	private static long used(ApplicationContext context) {
		return context.getBean(Budgets.class).status().stream().mapToLong(BudgetStatus::usedTicks).sum();
	}

	/**
	 * One of the ways to ask an endpoint.
	 *
	 * @param wish the way
	 * @param api the endpoint
	 */
	record Ask(TransportInvocation wish, GrokApi api) {

		GrokChatOptions.Builder options() {
			return GrokChatOptions.builder().api(this.api);
		}

		Prompt prompt() {
			return new Prompt("hi", options().conversationId(CONVERSATION).build());
		}

		String property() {
			return (this.api == GrokApi.RESPONSES) ? "responses" : "chat-completions";
		}

		ChatResponse send(ApplicationContext context, Prompt prompt) {
			return this.wish.ask(context.getBean("grokChatModel", GrokChatModel.class), prompt);
		}

		@Override
		public String toString() {
			return this.wish + " " + property();
		}

	}

	/**
	 * Asks a client of this library with a prompt of its own.
	 */
	private static final class Other implements ChatModel {

		private GrokChatModel model;

		@Override
		public ChatResponse call(Prompt prompt) {
			return this.model.call(new Prompt("hi"));
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return this.model.stream(new Prompt("hi"));
		}

		@Override
		public ChatOptions getOptions() {
			return ChatOptions.builder().build();
		}

	}

	static class Clock {

		@Tool
		String now() {
			return "12:00";
		}

	}

}
