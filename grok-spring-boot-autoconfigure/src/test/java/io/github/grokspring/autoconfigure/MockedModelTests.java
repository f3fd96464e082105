package io.github.grokspring.autoconfigure;

import java.util.List;

import io.github.grokspring.chain.RecordingChatModel;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Tests of applications put mocks in place of clients and models: nothing is sent, and no
 * key is needed.
 */
class MockedModelTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void modelOfTheApplicationUnderTheNameOfOursIsWhatTheClientUses(boolean stream) {
		ContextRunners.starter().withUserConfiguration(OwnModel.class).run((context) -> {
			assertThat(context).hasNotFailed();
			for (ChatClient client : List.of(context.getBean("grokChatClient", ChatClient.class),
					context.getBean(ChatClient.Builder.class).build())) {
				assertThat(stream ? client.prompt("Hello").stream().content().blockLast()
						: client.prompt("Hello").call().content())
					.isEqualTo("mine");
			}
		});
	}

	@Test
	void ownModelUnderAnotherNameLeavesTheClientWithGrok() {
		ApplicationContextRunner withKey = ContextRunners.starter()
			.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());
		withKey.withUserConfiguration(OtherModel.class).run((context) -> {
			context.getBean("grokChatClient", ChatClient.class).prompt("Hello").call().content();
			assertThat(xai.requests()).hasSize(1);
		});
	}

	@Test
	void withoutMocksAKeyIsNeededAtStart() {
		ContextRunners.starter()
			.withUserConfiguration(OtherModel.class)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("'grok.api-key' is not set"));
	}

	@Nested
	@SpringBootTest(classes = Application.class, properties = "grok.clients.fast.model=grok-4.5")
	class Model {

		@MockitoBean
		ChatModel model;

		@Autowired
		ChatClient client;

		@Autowired
		ChatClient.Builder builder;

		@Test
		void clientAndBuilderUseTheMock() {
			ChatResponse response = new ChatResponse(List.of(new Generation(new AssistantMessage("mocked"))));
			given(this.model.getOptions()).willReturn(ChatOptions.builder().build());
			given(this.model.call(any(Prompt.class))).willReturn(response);
			given(this.model.stream(any(Prompt.class))).willReturn(Flux.just(response));
			for (ChatClient client : List.of(this.client, this.builder.build())) {
				assertThat(client.prompt("Hello").call().content()).isEqualTo("mocked");
				assertThat(client.prompt("Hello").stream().content().blockLast()).isEqualTo("mocked");
			}
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, properties = "grok.clients.fast.model=grok-4.5")
	class Client {

		@MockitoBean
		ChatClient client;

		@Autowired
		@Qualifier("grokChatClient")
		ChatClient grok;

		@Test
		void mockIsTheClient() {
			assertThat(this.client).isSameAs(this.grok);
		}

	}

	@Nested
	@SpringBootTest(classes = Application.class, properties = "grok.clients.fast.model=grok-4.5")
	class NamedClient {

		@MockitoBean(name = "fastChatClient")
		ChatClient fast;

		@Autowired
		@Qualifier("fast")
		ChatClient byAlias;

		@Test
		void mockIsTheNamedClient() {
			assertThat(this.fast).isSameAs(this.byAlias);
		}

	}

	@Nested
	@SpringBootTest(classes = { Application.class, OwnClient.class })
	class ClientOfTheApplication {

		@MockitoBean
		ChatClient own;

		@Autowired
		@Qualifier("own")
		ChatClient byName;

		@Test
		void mockIsTheClientOfTheApplication() {
			assertThat(this.own).isSameAs(this.byName);
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ToolCallingAutoConfiguration.class,
			ChatClientAutoConfiguration.class, GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnModel {

		@Bean
		@Primary
		ChatModel grokChatModel() {
			return new RecordingChatModel("mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OtherModel {

		@Bean
		@Primary
		ChatModel mine() {
			return new RecordingChatModel("mine");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OwnClient {

		@Bean
		ChatClient own(ChatClient.Builder builder) {
			return builder.build();
		}

	}

}
