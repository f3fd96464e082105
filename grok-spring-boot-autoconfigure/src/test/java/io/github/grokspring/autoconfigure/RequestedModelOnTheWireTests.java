package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.RecordingChatModel;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Responses name the model that the caller asked for and count all attempts, whichever
 * model answered.
 */
class RequestedModelOnTheWireTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(), "grok.warm-up=false",
				"grok.retry.initial-interval=1ms");

	@BeforeEach
	void reset() {
		xai.reset();
	}

	static Stream<Arguments> ways() {
		return Stream.of("native,chat-completions", "native,responses", "spring-ai,chat-completions")
			.flatMap((transport) -> Stream.of(false, true)
				.map((stream) -> Arguments.of(new String[] { "grok.chat.transport=" + transport.split(",")[0],
						"grok.chat.api=" + transport.split(",")[1] }, stream)));
	}

	@ParameterizedTest
	@MethodSource("ways")
	void fallbackNamesBothModelsAndCountsAttemptsOfBoth(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport)
			.withPropertyValues("grok.fallback.models=grok-4.7", "grok.retry.server-error-max-attempts=2")
			.run((context) -> {
				xai.failsWith(500).times(3);
				xai.answers("Instead.");
				ChatResponseMetadata metadata = ask(context, "grok-4.3", stream);
				assertThat(xai.requests()).extracting((request) -> request.parameter("model").stringValue())
					.containsExactly("grok-4.3", "grok-4.3", "grok-4.7", "grok-4.7");
				assertThat(metadata.getModel()).isEqualTo("grok-4.7");
				assertThat(metadata.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.3");
				assertThat(metadata.<Integer>get(ChatResponses.ATTEMPTS)).isEqualTo(4);
				assertThat(metadata.<String>get(ChatResponses.FALLBACK)).isEqualTo("grok-4.7");
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void firstModelThatAnswersIsNoFallback(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport).withPropertyValues("grok.fallback.models=grok-4.7").run((context) -> {
			xai.failsWith(500);
			xai.answers("First.");
			ChatResponseMetadata metadata = ask(context, "grok-4.3", stream);
			assertThat(metadata.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.3");
			assertThat(metadata.<Integer>get(ChatResponses.ATTEMPTS)).isEqualTo(2);
			assertThat(metadata.containsKey(ChatResponses.FALLBACK)).isFalse();
			assertThat(metadata.containsKey(ChatResponses.DOWNGRADED)).isFalse();
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void requestedModelIsSpeltAsTheCallerDid(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport).run((context) -> {
			ChatResponseMetadata metadata = ask(context, "grok-4.3-latest", stream);
			assertThat(metadata.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.3-latest");
			assertThat(metadata.getModel()).isEqualTo("grok-4.3");
			assertThat(metadata.<Integer>get(ChatResponses.ATTEMPTS)).isOne();
		});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void modelOfAnotherProviderIsAFallbackToo(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport)
			.withBean("local", ChatModel.class, () -> new RecordingChatModel("From here."))
			.withPropertyValues("spring.ai.model.chat=grok", "grok.fallback.chat-models=local",
					"grok.retry.server-error-max-attempts=2")
			.run((context) -> {
				xai.failsWith(500).byDefault();
				ChatResponseMetadata metadata = ask(context, "grok-4.3", stream);
				assertThat(metadata.<String>get(ChatResponses.FALLBACK)).isEqualTo("local");
				if (!stream) {
					assertThat(metadata.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.3");
					assertThat(metadata.<Integer>get(ChatResponses.ATTEMPTS)).isEqualTo(3);
				}
			});
	}

	@ParameterizedTest
	@MethodSource("ways")
	void downgradeNamesBothModels(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport)
			.withPropertyValues("grok.chat.model=grok-4.7", "grok.chat.max-tokens=20000",
					"grok.budgets.daily.limit=0.10", "grok.budgets.daily.on-exceeded=downgrade",
					"grok.budgets.daily.downgrade-model=grok-4.3")
			.run((context) -> {
				ChatResponseMetadata metadata = ask(context, "grok-4.7", stream);
				assertThat(metadata.getModel()).isEqualTo("grok-4.3");
				assertThat(metadata.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.7");
				assertThat(metadata.<String>get(ChatResponses.DOWNGRADED)).isEqualTo("grok-4.7");
				assertThat(metadata.<Integer>get(ChatResponses.ATTEMPTS)).isOne();
			});
	}

	static Stream<Arguments> nativeWays() {
		return ways().limit(4);
	}

	@ParameterizedTest
	@MethodSource("nativeWays")
	void cacheKeepsNoResponseOfAFallback(String[] transport, boolean stream) {
		this.runner.withPropertyValues(transport)
			.withPropertyValues("grok.fallback.models=grok-4.7", "grok.retry.enabled=false", "grok.cache.enabled=true",
					"grok.chat.temperature=0", "grok.chat.seed=1")
			.run((context) -> {
				xai.failsWith(503);
				assertThat(ask(context, "grok-4.3", stream).<String>get(ChatResponses.FALLBACK)).isEqualTo("grok-4.7");
				assertThat(ask(context, "grok-4.3", stream).<String>get("grok.cache")).isEqualTo("miss");
				ChatResponseMetadata hit = ask(context, "grok-4.3", stream);
				assertThat(hit.<String>get("grok.cache")).isEqualTo("hit");
				assertThat(hit.<String>get(ChatResponses.REQUESTED_MODEL)).isEqualTo("grok-4.3");
				assertThat(hit.<Integer>get(ChatResponses.ATTEMPTS)).isZero();
				assertThat(hit.containsKey(ChatResponses.FALLBACK)).isFalse();
				assertThat(xai.requestCount()).isEqualTo(3);
			});
	}

	private static ChatResponseMetadata ask(ApplicationContext context, String model, boolean stream) {
		Prompt prompt = new Prompt("Hello", GrokChatOptions.builder().model(model).build());
		GrokChatModel grok = context.getBean(GrokChatModel.class);
		if (!stream) {
			return grok.call(prompt).getMetadata();
		}
		List<ChatResponse> elements = grok.stream(prompt).collectList().block(PATIENCE);
		return elements.get(elements.size() - 1).getMetadata();
	}

}
