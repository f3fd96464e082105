package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which model and which client an application gets, whoever else is there.
 */
class CoexistenceTests {

	private final ApplicationContextRunner alone = ContextRunners.starterWithKey();

	private final ApplicationContextRunner withOpenAi = this.alone
		.withConfiguration(AutoConfigurations.of(OpenAiChatAutoConfiguration.class))
		.withPropertyValues("spring.ai.openai.api-key=sk-not-real");

	@Test
	void aloneOursIsTheModelAndTheClient() {
		this.alone.withUserConfiguration(Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Injected.class).model).isInstanceOf(GrokChatModel.class)
				.isSameAs(context.getBean("grokChatModel"));
			assertThat(context.getBean(Injected.class).client).isSameAs(context.getBean("grokChatClient"));
			assertThat(context.getBean(ChatClient.Builder.class)).isNotNull();
		});
	}

	@Test
	void whenModelIsChosenAndOpenAiIsAbsentOursIsPrimary() {
		this.alone.withPropertyValues("spring.ai.model.chat=grok").run((context) -> {
			assertThat(context.getBean(ChatModel.class)).isInstanceOf(GrokChatModel.class);
			assertThat(context.getBeanFactory().getBeanDefinition("grokChatModel").isPrimary()).isTrue();
		});
	}

	@Test
	void whenNobodyIsChosenOpenAiGoesFirst() {
		this.withOpenAi.withUserConfiguration(Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Injected.class).model).isInstanceOf(OpenAiChatModel.class);
			assertThat(context.getBean("grokChatModel")).isInstanceOf(GrokChatModel.class);
			assertThat(context.getBean(GrokChatModel.class)).isNotNull();
			assertThat(context.getBean(ChatClient.Builder.class)).isNotNull();
			assertThat(context.getBean(Injected.class).client).isSameAs(context.getBean("grokChatClient"));
		});
	}

	@Test
	void whenGrokIsChosenOursGoesFirst() {
		this.withOpenAi.withUserConfiguration(Injected.class)
			.withPropertyValues("spring.ai.model.chat=grok")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Injected.class).model).isInstanceOf(GrokChatModel.class);
				assertThat(context.getBean(ChatClient.Builder.class)).isNotNull();
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "openai", "ollama", "none" })
	void whenAnotherIsChosenOurModelIsAbsent(String choice) {
		this.withOpenAi.withPropertyValues("spring.ai.model.chat=" + choice, "grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).doesNotHaveBean(GrokChatModel.class).doesNotHaveBean("grokChatModel");
				assertThat(context.getBean("fastChatClient")).isInstanceOf(ChatClient.class);
				assertThat(context.getBean(ChatClient.class)).isSameAs(context.getBean("grokChatClient"));
			});
	}

	@Test
	void aClientOfTheUserGoesFirstAndBothStayUsable() {
		this.alone.withUserConfiguration(OwnClient.class, Injected.class)
			.withPropertyValues("grok.clients.fast.model=grok-4.5", "grok.clients.deep.model=grok-4.7")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Injected.class).client).isSameAs(context.getBean("mine"));
				assertThat(context.getBean(Injected.class).grok).isSameAs(context.getBean("grokChatClient"))
					.isNotSameAs(context.getBean("mine"));
			});
	}

	@Test
	void aClientOfTheUserUnderOurNameReplacesOurs() {
		this.alone.withUserConfiguration(OwnGrokClient.class, Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(ChatClient.class)).containsOnlyKeys("grokChatClient");
			assertThat(context.getBean(Injected.class).client)
				.isSameAs(context.getBean(OwnGrokClient.class).made.get(0));
		});
	}

	@Test
	void aModelOfTheUserGoesFirst() {
		this.alone.withUserConfiguration(OwnModel.class, Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(Injected.class).model).isInstanceOf(EchoChatModel.class);
			assertThat(context.getBean("grokChatModel")).isInstanceOf(GrokChatModel.class);
			assertThat(context.getBean(ChatClient.Builder.class).build().prompt("hello").call().content())
				.isEqualTo("echo");
		});
	}

	@Test
	void aModelOfTheUserGoesSecondWhenGrokIsChosen() {
		this.alone.withUserConfiguration(OwnModel.class)
			.withPropertyValues("spring.ai.model.chat=grok")
			.run((context) -> assertThat(context.getBean(ChatModel.class)).isInstanceOf(GrokChatModel.class));
	}

	@Test
	void aGrokChatModelOfTheUserReplacesOurs() {
		this.alone.withUserConfiguration(OwnGrokModel.class, Injected.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeansOfType(ChatModel.class)).containsOnlyKeys("mine");
			assertThat(context.getBean(Injected.class).client.prompt("hello").call().content()).isEqualTo("echo");
		});
	}

	@Test
	void publishesNothingThatOtherModelsWouldTakeUp() {
		this.withOpenAi.withPropertyValues("grok.clients.fast.model=grok-4.5").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanNamesForType(ChatClient.Builder.class)).containsExactly("chatClientBuilder");
			assertThat(context).doesNotHaveBean("retryTemplate")
				.doesNotHaveBean("chatClient")
				.doesNotHaveBean("chatModel");
			assertThat(context.getBeanNamesForType(ChatModel.class)).containsExactlyInAnyOrder("grokChatModel",
					"openAiChatModel");
		});
	}

	@Test
	void whenDisabledNoneOfOurBeansExist() {
		ContextRunners.starter()
			.withPropertyValues("grok.enabled=false", "grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(List.of(context.getBeanDefinitionNames()))
					.noneMatch((name) -> name.toLowerCase(Locale.ROOT).contains("grok"));
				assertThat(context).doesNotHaveBean(ChatClient.class).doesNotHaveBean(ChatModel.class);
			});
	}

	@Test
	void withoutTheChatClientLibraryTheModelStillWorks() {
		this.alone.withClassLoader(new FilteredClassLoader(ChatClient.class))
			.withPropertyValues("grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context).hasSingleBean(GrokChatModel.class).doesNotHaveBean("grokChatClient");
			});
	}

	@Test
	void withoutReactorNettyTheApplicationDoesNotStartAndSaysWhatToAdd() {
		this.alone.withClassLoader(new FilteredClassLoader("reactor.netty"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("'grok.chat.transport' is 'native'")
				.hasMessageEndingWith("Add the dependency io.projectreactor.netty:reactor-netty-http."));
	}

	@Test
	void withoutTheOpenAiLibraryEverythingNativeWorks() {
		this.alone.withClassLoader(new FilteredClassLoader("org.springframework.ai.openai", "com.openai"))
			.withPropertyValues("grok.clients.fast.model=grok-4.5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(GrokChatModel.class).stages()).endsWith("chat-completions");
				assertThat(context).hasBean("grokChatClient").hasBean("fastChatClient");
			});
	}

	@Configuration(proxyBeanMethods = false)
	static class Injected {

		@Autowired
		ChatModel model;

		@Autowired
		ChatClient client;

		@Autowired
		@Qualifier("grokChatClient")
		ChatClient grok;

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		ChatClient mine(ChatClient.Builder builder) {
			return builder.build();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnGrokClient {

		final List<ChatClient> made = new ArrayList<>();

		@Bean
		ChatClient grokChatClient(ChatClient.Builder builder) {
			this.made.add(builder.build());
			return this.made.get(0);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnModel {

		@Bean
		EchoChatModel mine() {
			return new EchoChatModel();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnGrokModel {

		@Bean
		GrokChatModel mine() {
			return GrokChatModel.builder("echo", new EchoChatModel())
				.options(GrokChatOptions.builder().model("grok-4.3").build())
				.build();
		}

	}

	static class EchoChatModel implements ChatModel {

		@Override
		public ChatResponse call(Prompt prompt) {
			return new ChatResponse(List.of(new Generation(new AssistantMessage("echo"))));
		}

	}

}
