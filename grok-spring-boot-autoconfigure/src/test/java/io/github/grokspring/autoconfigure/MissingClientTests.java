package io.github.grokspring.autoconfigure;

import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Applications that inject a client or a model that does not exist.
 */
@ExtendWith(OutputCaptureExtension.class)
class MissingClientTests {

	@ParameterizedTest
	@ValueSource(classes = { OfParameter.class, OfConstructor.class, OfField.class })
	void clientThatIsNotConfiguredIsNamed(Class<?> user, CapturedOutput output) {
		start(user, output);
		assertThat(output)
			.contains("requires a ChatClient 'fast', but there is neither a bean nor a client of that name")
			.contains("no clients are configured in 'grok.clients'")
			.contains("Configure the client with 'grok.clients.fast'");
	}

	@Test
	void misspeltQualifierIsExplainedWithTheClientsThatExist(CapturedOutput output) {
		start(OfParameter.class, output, "grok.clients.fats.model=grok-4.3", "grok.clients.deep-thought.max-tokens=5");
		assertThat(output).contains("Parameter 0 of method user")
			.contains("The clients in 'grok.clients' are 'deep-thought', 'fats'.")
			.contains("correct the name");
	}

	@Test
	void nameOfABeanIsReadAsThatOfAClient(CapturedOutput output) {
		start(OfBeanName.class, output);
		assertThat(output).contains("requires a ChatClient 'deepThoughtChatClient'")
			.contains("Configure the client with 'grok.clients.deep-thought'");
	}

	@Test
	void clientThatIsLookedUpByNameIsExplained(CapturedOutput output) {
		start(LookedUp.class, output);
		assertThat(output).contains("requires a ChatClient 'fastChatClient', but there is neither")
			.contains("Configure the client with 'grok.clients.fast'");
	}

	@Test
	void modelThatIsSwitchedOffIsExplainedWithItsProperty(CapturedOutput output) {
		start(OfModel.class, output, "spring.ai.model.chat=openai");
		assertThat(output).contains("requires a ChatModel, but 'spring.ai.model.chat' is 'openai'")
			.contains("property source \"commandLineArgs\"")
			.contains("Set 'spring.ai.model.chat' to 'grok'");
	}

	@Test
	void otherBeansAreLeftToOtherAnalyzers(CapturedOutput output) {
		start(OfOtherType.class, output);
		assertThat(output).contains("java.lang.Appendable").doesNotContain("grok.clients");
	}

	private static void start(Class<?> user, CapturedOutput output, String... properties) {
		SpringApplication application = new SpringApplication(Application.class, user);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		String[] arguments = Stream
			.concat(Stream.of("grok.api-key=" + ContextRunners.KEY, "grok.warm-up=false"), Stream.of(properties))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		assertThatThrownBy(() -> application.run(arguments).close()).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START");
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, ToolCallingAutoConfiguration.class,
			GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class OfParameter {

		@Bean
		String user(@Qualifier("fast") ChatClient client) {
			return client.toString();
		}

	}

	static class OfConstructor {

		OfConstructor(@Qualifier("fast") ChatClient client) {
			assertThat(client).isNotNull();
		}

	}

	static class OfField {

		@Autowired
		@Qualifier("fast")
		ChatClient client;

	}

	@Configuration(proxyBeanMethods = false)
	static class OfBeanName {

		@Bean
		String user(@Qualifier("deepThoughtChatClient") ChatClient client) {
			return client.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class LookedUp {

		@Bean
		String user(BeanFactory beans) {
			return beans.getBean("fastChatClient", ChatClient.class).toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfModel {

		@Bean
		String user(ChatModel model) {
			return model.toString();
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class OfOtherType {

		@Bean
		String user(@Qualifier("fast") Appendable other) {
			return other.toString();
		}

	}

}
