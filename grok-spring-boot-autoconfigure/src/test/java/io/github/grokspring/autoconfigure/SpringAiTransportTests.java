package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * {@code grok.chat.transport: spring-ai}.
 */
@ExtendWith(OutputCaptureExtension.class)
class SpringAiTransportTests {

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void isChosenPerClientAndSpeaksToTheSameServer() {
		this.runner
			.withPropertyValues("grok.clients.other.transport=spring-ai", "grok.clients.other.model=grok-4.5",
					"grok.clients.other.temperature=0.5")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				XaiServer xai = context.getBean(XaiServer.class);
				xai.answers("native");
				assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isEqualTo("native");
				xai.answers("spring-ai");
				assertThat(context.getBean("otherChatClient", ChatClient.class).prompt("hi").call().content())
					.isEqualTo("spring-ai");
				assertThat(xai.lastRequest().parameter("model").asString()).isEqualTo("grok-4.5");
				assertThat(xai.lastRequest().parameter("temperature").asDouble()).isEqualTo(0.5);
				assertThat(xai.lastRequest().header("authorization")).isEqualTo("Bearer " + xai.apiKey());
			});
	}

	@Test
	void standsInTheSameChain() {
		this.runner.withPropertyValues("grok.chat.transport=spring-ai").run((context) -> {
			assertThat(context.getBean(GrokChatModel.class).stages()).endsWith("spring-ai");
			assertThat(context.getBean(ChatClient.class).prompt("hi").call().content()).isNotEmpty();
		});
	}

	@Test
	void timeoutsWithoutEffectAreLogged(CapturedOutput output) {
		this.runner
			.withPropertyValues("grok.chat.transport=spring-ai", "grok.http.content-timeout=1m",
					"grok.http.read-timeout=1m")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("'grok.http.content-timeout' has no effect on clients with the transport")
			.doesNotContain("'grok.http.read-timeout' has no effect", "'grok.http.stream-idle-timeout' has no effect");
	}

	@Test
	void timeoutsWithEffectAreNotLogged(CapturedOutput output) {
		this.runner.withPropertyValues("grok.http.content-timeout=1m")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).doesNotContain("has no effect");
	}

	@Test
	void isNotCreatedUnlessAClientUsesIt() {
		this.runner.run((context) -> assertThat(
				context.getBeanFactory().containsSingleton(SpringAiTransportConfiguration.BEAN_NAME))
			.isFalse());
	}

	@Test
	void isNoModelOfTheApplication() {
		this.runner.withPropertyValues("grok.chat.transport=spring-ai")
			.run((context) -> assertThat(context.getBeanNamesForType(ChatModel.class))
				.containsExactly("grokChatModel"));
	}

	@Test
	void whenItsLibraryIsMissingTheApplicationDoesNotStart() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.ai.openai", "com.openai"))
			.withPropertyValues("grok.clients.other.transport=spring-ai")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContainingAll("'grok.clients.other.transport' is 'spring-ai'",
						"org.springframework.ai:spring-ai-openai is not on the class path", "to 'native'"));
	}

}
