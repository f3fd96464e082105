package io.github.grokspring.autoconfigure;

import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.RecordingChatModel;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.fallback.FallbackReason;
import io.github.grokspring.fallback.FallbackRule;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * From {@code grok.fallback.*} to a client that asks others.
 */
class FallbackConfigurationTests {

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final ApplicationContextRunner application = ContextRunners.starter()
		.withBean(XaiServer.class, XaiServer::start)
		.withBean(GrokEventListener.class, () -> this.events::add)
		.withPropertyValues("grok.retry.enabled=false", "spring.ai.model.chat=grok");

	@Test
	void otherModelsAnswerForEveryClient() {
		this.application
			.withPropertyValues("grok.fallback.models=grok-4.7, grok-4.5", "grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				XaiServer xai = context.getBean(XaiServer.class);
				xai.failsWith(503);
				xai.answers("Instead.");
				assertThat(context.getBean(ChatClient.class).prompt("Hello").call().content()).isEqualTo("Instead.");
				assertThat(xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.7");
				xai.failsWith(503).times(2);
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(
						() -> context.getBean("fastChatClient", ChatClient.class).prompt("Hello").call().content());
				assertThat(this.events).filteredOn(FallbackTaken.class::isInstance)
					.containsExactly(new FallbackTaken("default", "grok-4.3", "grok-4.7", "overloaded"),
							new FallbackTaken("fast", "grok-4.5", "grok-4.7", "overloaded"));
			});
	}

	@Test
	void everyModelIsRetriedAndHasItsOwnCircuitBreaker() {
		this.application
			.withPropertyValues("grok.fallback.models=grok-4.7", "grok.circuit-breaker.minimum-calls=2",
					"grok.retry.enabled=true", "grok.retry.initial-interval=1ms")
			.run((context) -> {
				assertThat(context.getBean(GrokChatModel.class).stages()).containsSubsequence("fallback", "retry",
						"rate-limit", "circuit-breaker", "chat-completions");
				XaiServer xai = context.getBean(XaiServer.class);
				xai.failsWith(500).times(2);
				xai.answers("Instead.").times(2);
				ChatClient client = context.getBean(ChatClient.class);
				assertThat(client.prompt("Hello").call().content()).isEqualTo("Instead.");
				assertThat(client.prompt("Hello").stream().content().collectList().block()).contains("Instead.");
				assertThat(xai.requests()).extracting((request) -> request.parameter("model").stringValue())
					.containsExactly("grok-4.3", "grok-4.3", "grok-4.7", "grok-4.7");
				assertThat(this.events).filteredOn(FallbackTaken.class::isInstance)
					.containsExactly(new FallbackTaken("default", "grok-4.3", "grok-4.7", "circuit_open"),
							new FallbackTaken("default", "grok-4.3", "grok-4.7", "circuit_open"));
			});
	}

	@Test
	void thereIsNoStageWithoutThem() {
		this.application.run((context) -> {
			assertThat(context).hasBean("grokFallbackDecorator");
			assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("fallback");
		});
	}

	@Test
	void anotherProviderAnswersAndUsesTools() {
		RecordingChatModel local = new RecordingChatModel("From here.");
		this.application.withBean("local", ChatModel.class, () -> local)
			.withPropertyValues("grok.fallback.chat-models=local")
			.run((context) -> {
				context.getBean(XaiServer.class).failsWith(500).byDefault();
				ChatResponse answer = context.getBean(ChatClient.class)
					.prompt("Hello")
					.tools(new Weather())
					.call()
					.chatResponse();
				assertThat(answer.getResult().getOutput().getText()).isEqualTo("From here.");
				assertThat(answer.getMetadata().<String>get("grok.fallback")).isEqualTo("local");
				assertThat(local.prompts()).singleElement()
					.satisfies((prompt) -> assertThat(prompt.getOptions().getModel()).isNull());
				assertThat(local.prompts().get(0).getOptions()).isInstanceOfSatisfying(ToolCallingChatOptions.class,
						(options) -> assertThat(options.getToolCallbacks())
							.extracting((tool) -> tool.getToolDefinition().name())
							.containsExactly("weather"));
				assertThat(context.getBean(ChatClient.class).prompt("Hello").stream().content().blockLast())
					.isEqualTo("From here.");
			});
	}

	@Test
	void anotherProviderMayNeedAClientOfOurs() {
		this.application.withUserConfiguration(NeedsGrok.class)
			.withPropertyValues("grok.fallback.chat-models=needsGrok")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				context.getBean(XaiServer.class).failsWith(500);
				assertThat(context.getBean(ChatClient.class).prompt("Hello").call().content()).isEqualTo("ok");
			});
	}

	@ParameterizedTest
	@EnumSource
	void oneThatUsesAClientOfOursIsAskedOnceInACall(Invocation invocation) {
		for (boolean blocking : new boolean[] { false, true }) {
			this.application.withUserConfiguration(UsesGrok.class)
				.withPropertyValues("grok.fallback.chat-models=usesGrok, elsewhere", "grok.clients.fast.model=grok-4.5")
				.run((context) -> {
					context.getBean(XaiServer.class).failsWith(500).byDefault();
					AsksGrok asked = context.getBean(AsksGrok.class);
					asked.blocking = blocking;
					ChatModel grok = context.getBean(GrokChatModel.class);
					assertThat(invocation.text(grok, null)).isEqualTo("ok");
					assertThat(asked.calls).hasValue(1);
					assertThat(context.getBean(XaiServer.class).requestCount()).isEqualTo(2);
					assertThat(invocation.text(grok, null)).isEqualTo("ok");
					assertThat(asked.calls).hasValue(2);
				});
		}
	}

	@Test
	void theModelThatAnswersForARetiredOneIsNotAskedInItsPlace() {
		this.application.withPropertyValues("grok.fallback.models=grok-4.3, grok-4.7", "grok.chat.model=grok-3")
			.run((context) -> {
				XaiServer xai = context.getBean(XaiServer.class);
				xai.failsWith(500);
				xai.answers("Instead.");
				assertThat(context.getBean(ChatClient.class).prompt("Hello").call().content()).isEqualTo("Instead.");
				assertThat(xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.7");
				assertThat(xai.requestCount()).isEqualTo(2);
			});
	}

	@Test
	void anotherProviderIsNotMadeBeforeItIsAsked() {
		this.application.withUserConfiguration(LazyProvider.class)
			.withPropertyValues("grok.fallback.chat-models=lazyProvider")
			.run((context) -> {
				assertThat(context.getBeanFactory().containsSingleton("lazyProvider")).isFalse();
				context.getBean(XaiServer.class).failsWith(500);
				assertThat(context.getBean(ChatClient.class).prompt("Hello").call().content()).isEqualTo("ok");
			});
	}

	@Test
	void aModelOfGrokInDisguiseIsNotAsked() {
		this.application.withUserConfiguration(Disguise.class)
			.withPropertyValues("grok.fallback.chat-models=disguised")
			.run((context) -> {
				context.getBean(XaiServer.class).failsWith(500);
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> context.getBean(ChatClient.class).prompt("Hello").call().content())
					.withCauseInstanceOf(GrokConfigurationException.class);
				assertThat(context.getBean(XaiServer.class).requestCount()).isEqualTo(1);
			});
	}

	@Test
	void theUsualFailuresAreNamedByDefault() {
		assertThat(bind(new MockEnvironment()).on())
			.isEqualTo(EnumSet.of(FallbackReason.SERVER_ERROR, FallbackReason.OVERLOADED, FallbackReason.TIMEOUT,
					FallbackReason.CONNECTION, FallbackReason.RATE_LIMITED, FallbackReason.CIRCUIT_OPEN));
	}

	@Test
	void everyFailureCanBeNamed() {
		MockEnvironment environment = new MockEnvironment().withProperty("grok.fallback.on",
				"budget-exceeded,rate-limit-exceeded,context-too-long,safety-refusal");
		assertThat(bind(environment).on()).isEqualTo(EnumSet.of(FallbackReason.BUDGET_EXCEEDED,
				FallbackReason.RATE_LIMIT_EXCEEDED, FallbackReason.CONTEXT_TOO_LONG, FallbackReason.SAFETY_REFUSAL));
	}

	@Test
	void whatYamlTakesForTrueIsUnderstood() {
		this.application.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:fallback-on.yaml")
			.run((context) -> {
				FallbackRule rule = context.getBean(FallbackRule.class);
				assertThat(rule.reasonFor(failure(ErrorKind.SAFETY_REFUSAL))).isEqualTo(FallbackReason.SAFETY_REFUSAL);
				assertThat(rule.reasonFor(failure(ErrorKind.SERVER_ERROR))).isNull();
			});
	}

	@Test
	void whatIsWrittenElsewhereGoesBeforeYaml() {
		this.application.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:fallback-on.yaml", "grok.fallback.on=timeout")
			.run((context) -> {
				FallbackRule rule = context.getBean(FallbackRule.class);
				assertThat(rule.reasonFor(failure(ErrorKind.SAFETY_REFUSAL))).isNull();
				assertThat(rule.reasonFor(failure(ErrorKind.TIMEOUT))).isEqualTo(FallbackReason.TIMEOUT);
			});
	}

	private static GrokApiException failure(ErrorKind kind) {
		return GrokApiException.builder(kind, "failed").build();
	}

	private static GrokFallbackProperties bind(MockEnvironment environment) {
		return Binder.get(environment).bindOrCreate("grok.fallback", GrokFallbackProperties.class);
	}

	@Test
	void theRuleCanBeReplaced() {
		this.application
			.withBean(FallbackRule.class,
					() -> (failure) -> (failure instanceof GrokApiException api
							&& api.kind() == ErrorKind.SAFETY_REFUSAL) ? FallbackReason.SAFETY_REFUSAL : null)
			.withPropertyValues("grok.fallback.models=grok-4.7")
			.run((context) -> {
				XaiServer xai = context.getBean(XaiServer.class);
				ChatClient client = context.getBean(ChatClient.class);
				xai.refusesForSafety();
				xai.answers("Well.");
				assertThat(client.prompt("Hello").call().content()).isEqualTo("Well.");
				xai.failsWith(500);
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> client.prompt("Hello").call().content());
			});
	}

	@Test
	void theStageCanBeReplacedByName() {
		this.application.withBean("grokFallbackDecorator", ChatModelDecorator.class, NoFallback::new)
			.withPropertyValues("grok.fallback.models=grok-4.7")
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("fallback"));
	}

	static class Weather {

		@Tool(description = "The weather")
		String weather() {
			return "rain";
		}

	}

	static class NoFallback implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.FALLBACK;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return delegate;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class NeedsGrok {

		@Bean
		ChatModel needsGrok(GrokChatModel grok) {
			assertThat(grok.name()).isEqualTo("default");
			return new RecordingChatModel();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class UsesGrok {

		@Bean
		AsksGrok usesGrok(@Qualifier("fastChatClient") ObjectProvider<ChatClient> clients) {
			return new AsksGrok(clients);
		}

		@Bean
		ChatModel elsewhere() {
			return new RecordingChatModel();
		}

	}

	/**
	 * Asks a client of Grok with a prompt of its own.
	 */
	static class AsksGrok implements ChatModel {

		private final ObjectProvider<ChatClient> clients;

		private final AtomicInteger calls = new AtomicInteger();

		private boolean blocking;

		AsksGrok(ObjectProvider<ChatClient> clients) {
			this.clients = clients;
		}

		@Override
		public ChatResponse call(Prompt prompt) {
			count();
			ChatClient client = this.clients.getObject();
			return this.blocking ? client.prompt("Shorter").stream().chatResponse().blockLast()
					: client.prompt("Shorter").call().chatResponse();
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			if (this.blocking) {
				return Flux.defer(() -> Flux.just(call(prompt)));
			}
			count();
			return this.clients.getObject().prompt("Shorter").stream().chatResponse();
		}

		private void count() {
			if (this.calls.incrementAndGet() > 5) {
				throw new AssertionError("Asked again and again");
			}
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LazyProvider {

		@Bean
		@Lazy
		ChatModel lazyProvider() {
			return new RecordingChatModel();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Disguise {

		@Bean
		ChatModel disguised(GrokChatModel grok) {
			return grok;
		}

	}

}
