package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.ChatClientBuilderCustomizer;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The beans of {@code grok.clients.<name>}.
 */
@ExtendWith(OutputCaptureExtension.class)
class NamedClientsTests {

	private final ApplicationContextRunner runner = ContextRunners.starterWithKey();

	private final ApplicationContextRunner twoClients = this.runner
		.withPropertyValues("grok.clients.fast.model=grok-4.5", "grok.clients.deep-thought.model=grok-4.7");

	@Test
	void withoutNamesThereIsOneClient() {
		this.runner.run((context) -> assertThat(context.getBeanNamesForType(ChatClient.class))
			.containsExactly("grokChatClient"));
	}

	@Test
	void everyNameIsABean() {
		this.twoClients.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBeanNamesForType(ChatClient.class)).containsExactlyInAnyOrder("grokChatClient",
					"fastChatClient", "deepThoughtChatClient");
		});
	}

	@Test
	void everySpellingOfAQualifierFindsIt() {
		this.twoClients.withUserConfiguration(Qualified.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Qualified qualified = context.getBean(Qualified.class);
			assertThat(qualified.fast).isSameAs(qualified.fastByBeanName).isSameAs(context.getBean("fastChatClient"));
			assertThat(qualified.deep).isSameAs(qualified.deepByCamelCase)
				.isSameAs(qualified.deepByBeanName)
				.isSameAs(context.getBean("deepThoughtChatClient"))
				.isNotSameAs(qualified.fast);
		});
	}

	@Test
	void clientWithoutABeanIsWarnedAbout(CapturedOutput output) {
		this.twoClients.run((context) -> assertThat(output).doesNotContain("has no bean"));
		// As after processing ahead of time, where the beans are those of the build
		this.twoClients.withInitializer((context) -> context.addBeanFactoryPostProcessor((beans) -> {
			for (String alias : beans.getAliases("fastChatClient")) {
				((BeanDefinitionRegistry) beans).removeAlias(alias);
			}
			((BeanDefinitionRegistry) beans).removeBeanDefinition("fastChatClient");
		})).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(output).containsOnlyOnce("'grok.clients.fast' has no bean 'fastChatClient'")
				.contains("processed ahead of time");
		});
	}

	@Test
	void noneIsInTheWayOfInjectionByType() {
		this.twoClients.run((context) -> {
			assertThat(context.getBean(ChatClient.class)).isSameAs(context.getBean("grokChatClient"));
			ObjectProvider<ChatClient> provider = context.getBeanProvider(ChatClient.class);
			assertThat(provider.getIfUnique()).isSameAs(context.getBean("grokChatClient"));
		});
	}

	@Test
	void injectionByTypeGivesTheDefaultWhateverTheParameterIsCalled() {
		this.twoClients.withUserConfiguration(ByType.class).run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(ByType.class).client).isSameAs(context.getBean("grokChatClient"));
			assertThat(context.getBean(ByType.class).builder).isNotNull();
		});
	}

	@Test
	void customizersOfSpringAiComeFirstAndOursInOrder() {
		this.runner.withPropertyValues("grok.clients.fast.model=grok-4.5")
			.withUserConfiguration(Customizers.class)
			.run((context) -> {
				context.getBean("fastChatClient");
				assertThat(context.getBean(Customizers.class).calls).containsSubsequence("spring-ai", "first fast",
						"second fast");
				assertThat(context.getBean(Customizers.class).calls).containsSubsequence("spring-ai", "first default",
						"second default");
			});
	}

	@Test
	void aNameWithoutKeysIsAClientToo() {
		this.runner.withInitializer(new ConfigDataApplicationContextInitializer())
			.withPropertyValues("spring.config.location=classpath:clients-without-keys.yaml")
			.run((context) -> assertThat(context).hasNotFailed().hasBean("plainChatClient").hasBean("bareChatClient"));
	}

	@Test
	void clientsExistWithoutTheBuilderOfSpringAi() {
		this.twoClients.withPropertyValues("spring.ai.chat.client.enabled=false").run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context).doesNotHaveBean(ChatClient.Builder.class);
			assertThat(context).hasBean("grokChatClient").hasBean("fastChatClient");
		});
	}

	@Configuration(proxyBeanMethods = false)
	static class Qualified {

		@Autowired
		@Qualifier("fast")
		ChatClient fast;

		@Autowired
		@Qualifier("fastChatClient")
		ChatClient fastByBeanName;

		@Autowired
		@Qualifier("deep-thought")
		ChatClient deep;

		@Autowired
		@Qualifier("deepThought")
		ChatClient deepByCamelCase;

		@Autowired
		@Qualifier("deepThoughtChatClient")
		ChatClient deepByBeanName;

	}

	@Configuration(proxyBeanMethods = false)
	static class ByType {

		@Autowired
		ChatClient client;

		@Autowired
		ChatClient.Builder builder;

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizers {

		final List<String> calls = new ArrayList<>();

		@Bean
		ChatClientBuilderCustomizer springAi() {
			return (builder) -> this.calls.add("spring-ai");
		}

		@Bean
		@Order(2)
		GrokChatClientCustomizer second() {
			return (client, builder) -> this.calls.add("second " + client);
		}

		@Bean
		@Order(1)
		GrokChatClientCustomizer first() {
			return (client, builder) -> this.calls.add("first " + client);
		}

	}

}
