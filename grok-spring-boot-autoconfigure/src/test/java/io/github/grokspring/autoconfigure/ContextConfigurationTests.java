package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.token.PromptTokenEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.client.HttpClient;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tokenizer.JTokkitTokenCountEstimator;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * From {@code grok.tokenizer.*} and {@code grok.context.*} to what counts tokens and
 * keeps windows.
 */
class ContextConfigurationTests {

	private static final String TOKENIZE = "/v1/tokenize-text";

	private static final String LONG = "word ".repeat(1_200);

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(XaiServer.class, XaiServer::start)
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withPropertyValues("grok.retry.enabled=false", "spring.ai.model.chat=grok",
				"grok.models[grok-4.3].context-window=1000");

	@Test
	void tokensAreCountedInTheApplication() {
		this.application.run((context) -> {
			TokenCountEstimator tokenizer = context.getBean("grokTokenizer", TokenCountEstimator.class);
			assertThat(tokenizer.estimate("Hello big world")).isEqualTo(3);
			assertThat(context.getBean(XaiServer.class).requests()).isEmpty();
		});
	}

	@ParameterizedTest
	@CsvSource({ "true", "false" })
	void tokensAreCountedByXaiOnceForEachText(boolean caffeine) {
		this.application.withPropertyValues("grok.tokenizer.mode=remote")
			.withClassLoader(caffeine ? getClass().getClassLoader() : new FilteredClassLoader(Caffeine.class))
			.run((context) -> {
				TokenCountEstimator tokenizer = context.getBean(TokenCountEstimator.class);
				assertThat(tokenizer.estimate("Donaudampfschifffahrtsgesellschaft")).isEqualTo(3);
				assertThat(tokenizer.estimate("Donaudampfschifffahrtsgesellschaft")).isEqualTo(3);
				assertThat(paths(context.getBean(XaiServer.class))).containsExactly(TOKENIZE);
			});
	}

	@Test
	void tokensAreCountedHereWhenXaiDoesNot() {
		this.application.withPropertyValues("grok.tokenizer.mode=remote").run((context) -> {
			context.getBean(XaiServer.class).failsWith(503).on(TOKENIZE);
			assertThat(context.getBean(TokenCountEstimator.class).estimate("Hello big world")).isEqualTo(3);
		});
	}

	@Test
	void onlyWhatIsNearTheLimitIsCountedByXai() {
		this.application.withPropertyValues("grok.tokenizer.mode=hybrid").run((context) -> {
			XaiServer xai = context.getBean(XaiServer.class);
			TokenCountEstimator tokenizer = context.getBean(TokenCountEstimator.class);
			ChatModel model = context.getBean(ChatModel.class);
			tokenizer.estimate("Hello big world");
			model.call(new Prompt("Hello"));
			assertThat(paths(xai)).doesNotContain(TOKENIZE);
			assertThat(tokenizer.estimate("word ".repeat(900))).isEqualTo(901);
			assertThatExceptionOfType(ContextOverflowException.class).isThrownBy(() -> model.call(new Prompt(LONG)));
			assertThat(paths(xai)).filteredOn(TOKENIZE::equals).hasSize(2);
		});
	}

	@Test
	void aStreamFromAnEventLoopIsCountedByXaiToo() {
		this.application.withPropertyValues("grok.tokenizer.mode=hybrid").run((context) -> {
			XaiServer xai = context.getBean(XaiServer.class);
			ChatModel model = context.getBean(ChatModel.class);
			StepVerifier.create(model.stream(new Prompt(LONG)).subscribeOn(Schedulers.parallel()))
				.expectError(ContextOverflowException.class)
				.verify(Duration.ofSeconds(20));
			assertThat(paths(xai)).containsExactly(TOKENIZE);
		});
	}

	@ParameterizedTest
	@EnumSource
	void aPromptThatDoesNotFitIsNotSent(Invocation invocation) {
		this.application.run((context) -> {
			assertThatExceptionOfType(ContextOverflowException.class)
				.isThrownBy(() -> invocation.invoke(context.getBean(ChatModel.class), new Prompt(LONG)));
			assertThat(context.getBean(XaiServer.class).requests()).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void aModelWithALargerWindowMayAnswerInstead(Invocation invocation) {
		this.application.withPropertyValues("grok.fallback.models=grok-4.7", "grok.fallback.on=context-too-long")
			.run((context) -> {
				invocation.invoke(context.getBean(ChatModel.class), new Prompt(LONG));
				XaiServer xai = context.getBean(XaiServer.class);
				assertThat(xai.requests()).hasSize(1);
				assertThat(xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.7");
				assertThat(this.events).filteredOn(FallbackTaken.class::isInstance).hasSize(1);
			});
	}

	@ParameterizedTest
	@EnumSource
	void aPromptThatDoesNotFitIsSentAllTheSame(Invocation invocation) {
		this.application.withPropertyValues("grok.context.on-overflow=warn")
			.run((context) -> assertThat(invocation.invoke(context.getBean(ChatModel.class), new Prompt(LONG)))
				.isNotEmpty());
	}

	@Test
	void theStageStandsBetweenFallbackAndRetries() {
		this.application.withPropertyValues("grok.retry.enabled=true", "grok.fallback.models=grok-4.7")
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).containsSubsequence("fallback",
					"context", "retry"));
	}

	@Test
	void ratesAndBudgetsGoByWhatWasLearned() {
		this.application.run((context) -> {
			PromptTokenEstimator estimator = context.getBean(PromptTokenEstimator.class);
			Prompt prompt = new Prompt("Hello", GrokChatOptions.builder().model("grok-4.3").build());
			assertThat(estimator.estimate(prompt)).isEqualTo(6);
			context.getBean(XaiServer.class).answers("Hi").usage(206, 1);
			context.getBean(ChatModel.class).call(new Prompt("Hello"));
			assertThat(estimator.estimate(prompt)).isEqualTo(206);
		});
	}

	@Test
	void beansOfTheApplicationGoFirst() {
		TokenCountEstimator texts = new JTokkitTokenCountEstimator();
		PromptTokenEstimator prompts = (prompt) -> 2_000;
		ChatModelDecorator stage = new ChatModelDecorator() {

			@Override
			public Position position() {
				return Position.CONTEXT;
			}

			@Override
			public ChatModel decorate(String client, ChatModel delegate) {
				return delegate;
			}

		};
		this.application.withBean(TokenCountEstimator.class, () -> texts)
			.withBean(PromptTokenEstimator.class, () -> prompts)
			.run((context) -> {
				assertThat(context.getBean(TokenCountEstimator.class)).isSameAs(texts);
				assertThat(context.getBean(PromptTokenEstimator.class)).isSameAs(prompts);
				assertThatExceptionOfType(ContextOverflowException.class)
					.isThrownBy(() -> context.getBean(ChatModel.class).call(new Prompt(LONG)));
			});
		this.application.withBean("grokContextDecorator", ChatModelDecorator.class, () -> stage)
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("context"));
	}

	@ParameterizedTest
	@CsvSource({ "cache-size, -1, must not be negative", "timeout, 0s, must be longer than 0" })
	void whatMakesNoSenseStopsTheStart(String key, String value, String problem) {
		this.application.withPropertyValues("grok.tokenizer." + key + "=" + value)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining(problem));
	}

	@ParameterizedTest
	@EnumSource(value = GrokTokenizerProperties.Mode.class, names = { "REMOTE", "HYBRID" })
	void xaiIsNotAskedWithoutAConnection(GrokTokenizerProperties.Mode mode) {
		String name = mode.name().toLowerCase(Locale.ROOT);
		ContextRunners.starterWithKey()
			.withPropertyValues("grok.tokenizer.mode=" + name, "grok.chat.transport=spring-ai")
			.withClassLoader(new FilteredClassLoader(HttpClient.class))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("reactor-netty-http"));
	}

	@Test
	void theVocabularyGoesIntoANativeImage() {
		RuntimeHints hints = new RuntimeHints();
		new TokenizerConfiguration.Hints().registerHints(hints, null);
		String vocabulary = "com/knuddels/jtokkit/o200k_base.tiktoken";
		assertThat(getClass().getClassLoader().getResource(vocabulary)).isNotNull();
		assertThat(RuntimeHintsPredicates.resource().forResource(vocabulary)).accepts(hints);
	}

	private static List<String> paths(XaiServer xai) {
		return xai.requests().stream().map(RecordedRequest::path).toList();
	}

}
