package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.boot.Banner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * What a person reads when an application cannot start.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTests {

	private static final String GOOD_KEY = "grok.api-key=" + ContextRunners.KEY;

	static Stream<Arguments> failures() {
		return Stream.of(failure("no key anywhere",
				"'grok.api-key' is not set, and neither is the environment variable XAI_API_KEY", "Set 'grok.api-key'"),
				failure("a blank key", "'grok.api-key' is not set", "XAI_API_KEY", "grok.api-key=  "),
				failure("a placeholder without a value", "refers to ${SOME_UNSET_KEY}, which is not set",
						"Set 'grok.api-key'", "grok.api-key=${SOME_UNSET_KEY}"),
				failure("nothing but quotes", "'grok.api-key' is blank", "Set 'grok.api-key'", "grok.api-key=\"\""),
				failure("a key in two pieces", "in its middle", "Copy the key again", "grok.api-key=xai-abc\ndef"),
				failure("a key of OpenAI", "begins with 'sk-'", "https://console.x.ai", "grok.api-key=sk-abcdef"),
				failure("a management key", "it is a management key", "https://console.x.ai",
						"grok.api-key=xai-token-abcdef"),
				failure("a wrong variable",
						"begins with 'sk-', so it is a key of another provider (read from XAI_API_KEY)", "XAI_API_KEY",
						"XAI_API_KEY=sk-abcdef"),
				failure("a base URL without scheme", "'grok.base-url' is 'api.x.ai/v1', which has no scheme",
						"Write 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=api.x.ai/v1"),
				failure("a base URL that is only a host", "which has no scheme", "Write 'https://api.x.ai/v1'",
						GOOD_KEY, "grok.base-url=api.x.ai"),
				failure("a base URL with a misspelt scheme", "which has no scheme", "Write 'https://api.x.ai/v1'",
						GOOD_KEY, "grok.base-url=https//api.x.ai/v1"),
				failure("a base URL of xAI without encryption", "would send the API key unencrypted",
						"Write 'https://api.x.ai/v1'", GOOD_KEY, "grok.base-url=http://api.x.ai/v1"),
				failure("a key among the headers", "'Authorization', which the API key would replace",
						"Write the key into 'grok.api-key'", GOOD_KEY,
						"grok.http.headers.Authorization=Bearer xai-abc"),
				failure("a base URL without /v1", "does not end in /v1", "Write 'https://api.x.ai/v1'", GOOD_KEY,
						"grok.base-url=https://api.x.ai"),
				failure("a base URL with /v1 twice", "has /v1 twice", "Write 'https://api.x.ai/v1'", GOOD_KEY,
						"grok.base-url=https://api.x.ai/v1/v1/"),
				failure("a base URL of an endpoint", "goes on after /v1", "Write 'https://api.x.ai/v1'", GOOD_KEY,
						"grok.base-url=https://api.x.ai/v1/chat/completions"),
				failure("an unknown transport", "'grok.chat.transport' does not know the value 'carrier-pigeon'",
						"Write one of these: native, spring-ai", GOOD_KEY, "grok.chat.transport=carrier-pigeon"),
				failure("an unknown effort of a client",
						"'grok.clients.deep.reasoning-effort' does not know the value 'extreme'",
						"Write one of these: none, low, medium, high, xhigh", GOOD_KEY,
						"grok.clients.deep.reasoning-effort=extreme"),
				failure("an unknown protocol", "'grok.http.protocol' does not know the value 'h3'",
						"Write one of these: http1.1, h2", GOOD_KEY, "grok.http.protocol=h3"),
				failure("the Responses API",
						"'grok.chat.api' is 'responses', but this version serves only Chat Completions",
						"Write 'auto' or 'chat-completions'", GOOD_KEY, "grok.chat.api=responses"),
				failure("the Responses API for a client", "'grok.clients.deep.api' is 'responses'",
						"Write 'auto' or 'chat-completions'", GOOD_KEY, "grok.clients.deep.api=responses"),
				failure("a temperature out of range",
						"'grok.clients.hot.temperature' is 3.5 but must be between 0 and 2",
						"Write a number from 0 to 2", GOOD_KEY, "grok.clients.hot.temperature=3.5"),
				failure("a limit of nothing", "'grok.chat.max-tokens' is 0 but must be at least 1",
						"Write how many visible tokens", GOOD_KEY, "grok.chat.max-tokens=0"),
				failure("a timeout of nothing", "'grok.http.read-timeout' is 0 ms but must be longer than 0",
						"Write a duration", GOOD_KEY, "grok.http.read-timeout=0s"),
				failure("no connections", "'grok.http.max-connections' is 0", "Write how many", GOOD_KEY,
						"grok.http.max-connections=0"),
				failure("half a proxy", "'grok.http.proxy.port' is not set", "Write the port of the proxy", GOOD_KEY,
						"grok.http.proxy.host=proxy.example.com"),
				failure("an unknown SSL bundle", "'grok.http.ssl-bundle' is 'nowhere', but there is no SSL bundle",
						"spring.ssl.bundle.pem.nowhere", GOOD_KEY, "grok.http.ssl-bundle=nowhere"),
				failure("a client called like a bean",
						"'grok.clients.taken' takes the names 'takenChatClient' and 'taken', "
								+ "but there already is a bean called 'taken'",
						"Choose another name", GOOD_KEY, "grok.clients.taken.model=grok-4.5"),
				failure("a client whose bean is called like a bean", "already is a bean called 'otherChatClient'",
						"Choose another name", GOOD_KEY, "grok.clients.other.model=grok-4.5"),
				failure("a client called like our own", "already is a bean called 'grokChatClient'",
						"Choose another name", GOOD_KEY, "grok.clients.grok.model=grok-4.5"),
				failure("a client called default", "'grok.clients.default' is called like the client without a name",
						"below 'grok.chat'", GOOD_KEY, "grok.clients.default.model=grok-4.5"),
				failure("a refresh at no time", "'grok.catalog.refresh' is 'sometimes', which is neither never",
						"Write 'never', 'startup', or a duration", GOOD_KEY, "grok.catalog.refresh=sometimes"),
				failure("a refresh all the time", "'grok.catalog.refresh' is '0s'", "Write 'never', 'startup'",
						GOOD_KEY, "grok.catalog.refresh=0s"),
				failure("a price finer than a tick",
						"'grok.models[grok-4.3].price.input' is 1.00001, which has more than 4 decimal places",
						"such as 1.25", GOOD_KEY, "grok.models.[grok-4.3].price.input=1.00001"),
				failure("a price below nothing",
						"'grok.models[grok-4.3].price.output' is -1, which is not between 0 and 1000000",
						"US dollars per million tokens", GOOD_KEY, "grok.models.[grok-4.3].price.output=-1"),
				failure("half a price",
						"'grok.models[grok-5].price.output' is not set, and the catalogue knows no price",
						"Write prices for input and output", GOOD_KEY, "grok.models.[grok-5].price.input=1"),
				failure("a long prompt of unknown length",
						"'grok.models[grok-3-fast].price.long-context-threshold' is not set",
						"Write the number of prompt tokens", GOOD_KEY,
						"grok.models.[grok-3-fast].price.long-context-input=1"),
				failure("a threshold below nothing", "'grok.models[grok-4.3].price.long-context-threshold' is -1",
						"or 0 if none is", GOOD_KEY, "grok.models.[grok-4.3].price.long-context-threshold=-1"),
				failure("a window of nothing", "'grok.models[grok-4.3].context-window' is 0", "Write how many tokens",
						GOOD_KEY, "grok.models.[grok-4.3].context-window=0"),
				failure("an unknown effort of a model",
						"'grok.models[grok-4.3].reasoning-effort-default' does not know the value 'extreme'",
						"Write one of these: none, low, medium, high, xhigh", GOOD_KEY,
						"grok.models.[grok-4.3].reasoning-effort-default=extreme"),
				failure("a default effort that the model refuses",
						"'grok.models[grok-4.7].reasoning-effort-default' is 'none', which is none of the efforts",
						"Write one of these: low, medium, high, xhigh", GOOD_KEY,
						"grok.models.[grok-4.7].reasoning-effort-default=none"),
				failure("an alias that is another model", "'grok.models[grok-4.3].aliases' names 'grok-3'",
						"choose another name", GOOD_KEY, "grok.models.[grok-4.3].aliases=grok-3"),
				failure("an alias without letters", "'grok.models[grok-4.3].aliases' contains an empty name",
						"Write names of the model", GOOD_KEY, "grok.models.[grok-4.3].aliases[0]="),
				failure("an id without brackets", "'grok.models.grok-4.3.price.input' belongs to no model",
						"Write the id in brackets and quotation marks: \"[grok-4.3]\"", GOOD_KEY,
						"grok.models.grok-4.3.price.input=1"),
				failure("a client no bean can be called like", "has a client called '1st'", "begins with a letter",
						GOOD_KEY, "grok.clients.1st.model=grok-4.5"));
	}

	private static Arguments failure(String name, String description, String action, String... properties) {
		return Arguments.argumentSet(name, description, action, List.of(properties));
	}

	@ParameterizedTest
	@MethodSource("failures")
	void saysWhatIsWrongAndWhatToWrite(String description, String action, List<String> properties,
			CapturedOutput output) {
		assertThatThrownBy(() -> start(properties).close()).isNotNull();
		assertThat(output).contains("APPLICATION FAILED TO START");
		assertThat(output.toString().substring(output.toString().indexOf("Description:"))).contains(description);
		assertThat(output.toString().substring(output.toString().indexOf("Action:"))).contains(action);
		assertThat(output).doesNotContain("abcdef").doesNotContain(ContextRunners.KEY);
	}

	@Test
	void twoSpellingsOfOneNameFail(CapturedOutput output) {
		SpringApplication application = application();
		assertThatThrownBy(
				() -> application.run("--" + GOOD_KEY, "--spring.config.location=classpath:clients-twice.yaml"))
			.isNotNull();
		assertThat(output).contains("would both be the bean 'deepThoughtChatClient'")
			.contains("below one of the two names");
	}

	@Test
	void saysWhereTheValueWasWritten(CapturedOutput output) {
		assertThatThrownBy(() -> application().run("--" + GOOD_KEY,
				"--spring.config.location=classpath:clients-out-of-range.yaml"))
			.isNotNull();
		assertThat(output).contains("'grok.clients.hot.top-p' is 7.0 but must be between 0 and 1.")
			.contains("The value comes from class path resource [clients-out-of-range.yaml]");
	}

	private static ConfigurableApplicationContext start(List<String> properties) {
		return application().run(properties.stream().map((property) -> "--" + property).toArray(String[]::new));
	}

	private static SpringApplication application() {
		SpringApplication application = new SpringApplication(Application.class);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		return application;
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, GrokAutoConfiguration.class,
			GrokChatClientAutoConfiguration.class })
	static class Application {

		@Bean
		List<String> taken() {
			return new ArrayList<>();
		}

		@Bean
		List<String> otherChatClient() {
			return new ArrayList<>();
		}

	}

}
