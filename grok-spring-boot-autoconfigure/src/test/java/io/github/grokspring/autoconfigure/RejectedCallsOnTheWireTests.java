package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.ServerTool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Calls that this application does not send are in a meter, once each.
 */
class RejectedCallsOnTheWireTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(MeterRegistry.class, SimpleMeterRegistry::new)
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.retry.enabled=false");

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static Stream<Arguments> rejections() {
		GrokChatOptions none = GrokChatOptions.builder().build();
		String email = "write to jane.doe@example.org";
		return TransportInvocation.all()
			.stream()
			.flatMap((way) -> Stream.of(
					Arguments.of(way, "budget_exceeded", "grok.budgets.daily.limit=0.000001", "hi", none),
					Arguments.of(way, "context_overflow", "grok.models[grok-4.3].context-window=2000",
							"word ".repeat(5000), none),
					Arguments.of(way, "unsupported_parameter", "grok.scrub.on-unsupported=fail", "hi",
							GrokChatOptions.builder().model("grok-4.7").stopSequences(List.of("x")).build()),
					Arguments.of(way, "redaction", "grok.redaction.mode=fail", email, none),
					Arguments.of(way, "unpriced_model", "grok.cost.on-unpriced=fail", "hi",
							GrokChatOptions.builder().model("grok-99").build()),
					Arguments.of(way, "invalid_request", "grok.enabled=true", "hi",
							GrokChatOptions.builder().temperature(7.0).build()),
					Arguments.of(way, "invalid_request", "grok.enabled=true", "hi",
							GrokChatOptions.builder().headers(Map.of("x-torn", "in\ntwo")).build()),
					Arguments.of(way, "invalid_request", "grok.enabled=true", "hi",
							(way.transport().equals("native")
									? GrokChatOptions.builder()
										.api(GrokApi.CHAT_COMPLETIONS)
										.serverTools(ServerTool.webSearch())
									: GrokChatOptions.builder().api(GrokApi.RESPONSES))
								.build())));
	}

	@ParameterizedTest(name = "{0} {1} {2}")
	@MethodSource("rejections")
	void whatIsNotSentIsCountedOnce(TransportInvocation way, String reason, String property, String text,
			GrokChatOptions options) {
		this.runner.withPropertyValues(way.property(), property, "grok.redaction.enabled=" + reason.equals("redaction"))
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				assertUnsent(catchThrowable(() -> way.ask(model, new Prompt(text, options))), true);
				assertThat(xai.requestCount()).isZero();
				String asked = (options.getModel() != null) ? options.getModel() : "grok-4.3";
				assertThat(rejected(context.getBean(MeterRegistry.class)))
					.containsExactly(Map.entry("default " + asked + " " + reason, 1.0));
			});
	}

	static List<TransportInvocation> ways() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("ways")
	void openCircuitsAndFullLimitsAreCounted(TransportInvocation way) {
		this.runner
			.withPropertyValues(way.property(), "grok.circuit-breaker.minimum-calls=1", "grok.rate-limit.learn=false",
					"grok.rate-limit.requests-per-minute=2", "grok.rate-limit.max-wait=0s")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				xai.failsWith(503);
				way.failure(model, new Prompt("hi"));
				assertThat(rejected(context.getBean(MeterRegistry.class))).isEmpty();
				assertUnsent(catchThrowable(() -> way.ask(model, new Prompt("hi"))), true);
				Prompt other = new Prompt("hi", GrokChatOptions.builder().model("grok-4.5").build());
				way.ask(model, other);
				way.ask(model, other);
				assertUnsent(catchThrowable(() -> way.ask(model, other)), true);
				assertThat(rejected(context.getBean(MeterRegistry.class))).containsOnly(
						Map.entry("default grok-4.3 circuit_open", 1.0),
						Map.entry("default grok-4.5 rate_limit_exceeded", 1.0));
				assertThat(xai.requestCount()).isEqualTo(3);
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void callWhoseLastAttemptIsNotSentMayHaveBeenSentBefore(TransportInvocation way) {
		List.of("grok.retry.enabled=true", "grok.fallback.models=grok-4.5")
			.forEach((again) -> this.runner
				.withPropertyValues(way.property(), again, "grok.circuit-breaker.minimum-calls=1",
						"grok.retry.initial-interval=1ms", "grok.models[grok-4.5].context-window=2000")
				.run((context) -> {
					GrokChatModel model = context.getBean(GrokChatModel.class);
					xai.reset();
					xai.failsWith(503);
					Throwable failure = catchThrowable(() -> way.ask(model, new Prompt("word ".repeat(5000))));
					assertThat(failure).as(again).isNotNull().isNotInstanceOf(GrokApiException.class);
					assertUnsent(failure, false);
					assertThat(xai.requestCount()).isOne();
				}));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void missingKeyIsCounted(TransportInvocation way) {
		this.runner.withPropertyValues(way.property())
			.withBean(GrokConnectionDetails.class, WithoutKey::new)
			.run((context) -> {
				way.failure(context.getBean(GrokChatModel.class), new Prompt("hi"));
				assertThat(rejected(context.getBean(MeterRegistry.class)))
					.containsExactly(Map.entry("default grok-4.3 missing_api_key", 1.0));
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void whatXaiOrTheNetworkRefusesIsNotCounted(TransportInvocation way) {
		this.runner.withPropertyValues(way.property()).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (int status : new int[] { 400, 401, 429, 500 }) {
				xai.failsWith(status);
				way.failure(model, new Prompt("hi"));
			}
			xai.answers("late").silentFor(Duration.ofMinutes(5));
			way.failure(model, new Prompt("hi", model.getOptions().mutate().timeout(Duration.ofMillis(300)).build()));
			way.ask(model, new Prompt("hi"));
			assertThat(rejected(context.getBean(MeterRegistry.class))).isEmpty();
		});
		this.runner.withPropertyValues(way.property(), "grok.base-url=http://127.0.0.1:1/v1").run((context) -> {
			way.failure(context.getBean(GrokChatModel.class), new Prompt("hi"));
			assertThat(rejected(context.getBean(MeterRegistry.class))).isEmpty();
		});
	}

	@Test
	void namedClientsAreToldApart() {
		this.runner.withPropertyValues("grok.clients.fast.model=grok-4.5", "grok.budgets.all.limit=0.000001")
			.run((context) -> {
				ChatClient fast = context.getBean("fastChatClient", ChatClient.class);
				assertThat(catchThrowable(() -> fast.prompt().user("hi").call().content())).isNotNull();
				assertThat(catchThrowable(
						() -> fast.prompt().user("hi").stream().content().blockLast(TransportInvocation.PATIENCE)))
					.isNotNull();
				assertThat(rejected(context.getBean(MeterRegistry.class)))
					.containsExactly(Map.entry("fast grok-4.5 budget_exceeded", 2.0));
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void callWithinACallIsCountedOnce(TransportInvocation way) {
		Inner inner = new Inner();
		this.runner.withBean("other", ChatModel.class, () -> inner)
			.withPropertyValues(way.property(), "grok.fallback.chat-models=other")
			.run((context) -> {
				inner.model = context.getBean(GrokChatModel.class);
				xai.failsWith(503);
				assertThat(catchThrowable(() -> way.ask(inner.model, new Prompt("hi")))).isNotNull();
				assertThat(rejected(context.getBean(MeterRegistry.class)).values()).containsExactly(1.0);
			});
	}

	private static void assertUnsent(Throwable failure, boolean unsent) {
		assertThat(failure).isInstanceOfSatisfying(GrokException.class,
				(ours) -> assertThat(ours.isUnsent()).as(ours.toString()).isEqualTo(unsent));
	}

	private static Map<String, Double> rejected(MeterRegistry registry) {
		return registry.find("grok.client.rejected")
			.counters()
			.stream()
			.collect(Collectors.toMap(RejectedCallsOnTheWireTests::name, Counter::count));
	}

	private static String name(Counter counter) {
		return Stream.of("client", "model", "reason")
			.map((key) -> String.valueOf(counter.getId().getTag(key)))
			.collect(Collectors.joining(" "));
	}

	/**
	 * Asks a client of this library for what it does not send.
	 */
	private static final class Inner implements ChatModel {

		private static final Prompt REFUSED = new Prompt("hi", GrokChatOptions.builder().temperature(7.0).build());

		private GrokChatModel model;

		@Override
		public ChatResponse call(Prompt prompt) {
			return this.model.call(REFUSED);
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return this.model.stream(REFUSED);
		}

		@Override
		public ChatOptions getOptions() {
			return ChatOptions.builder().build();
		}

	}

	/**
	 * Knows the way, and has no key.
	 */
	private static final class WithoutKey implements GrokConnectionDetails {

		@Override
		public String getBaseUrl() {
			return xai.baseUrl();
		}

		@Override
		public String getApiKey() {
			return "";
		}

	}

}
