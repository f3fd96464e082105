package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.budget.CostEstimator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.model.chat.client.autoconfigure.ChatClientAutoConfiguration;
import org.springframework.ai.model.openai.autoconfigure.OpenAiChatAutoConfiguration;
import org.springframework.ai.model.tool.autoconfigure.ToolCallingAutoConfiguration;
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

/**
 * What a person reads when an application has started.
 */
@ExtendWith(OutputCaptureExtension.class)
class StartupLoggerTests {

	@Test
	void aLineForEachClientAndNothingElse(CapturedOutput output) {
		start("grok.api-key=" + ContextRunners.KEY, "grok.clients.deep.model=grok-4.7",
				"grok.clients.deep.api=responses", "grok.chat.max-tokens=100", "grok.budgets.daily.limit=5",
				"grok.budgets.monthly.limit=50");
		List<String> lines = ours(output);
		assertThat(lines).hasSize(3).allMatch((line) -> line.contains(" INFO "));
		assertThat(lines.get(0)).endsWith("Grok client 'default': model grok-4.3 at api.x.ai, api auto,"
				+ " at most about $2.53 per request; budget -> context -> retry -> rate-limit -> circuit-breaker -> metering -> scrubbing -> answer-check"
				+ " -> runaway-guard" + " -> chat-completions; budgets daily, monthly");
		assertThat(lines.get(1))
			.contains("Grok client 'deep': model grok-4.7 at api.x.ai, api responses, at most about $2.20 per request;")
			.contains("-> responses;");
		assertThat(lines.get(2)).endsWith("Failed requests (POST) are retried: up to 3 attempts after 5xx and lost"
				+ " connections, 2 after timeouts, 5 otherwise; xAI may bill each of them ('grok.retry')");
	}

	@Test
	void whatAPersonMustActOnIsSaidOnceWithThePropertyToChange(CapturedOutput output) {
		start("grok.api-key=\" " + ContextRunners.KEY + " \"", "grok.chat.model=grok-3-mini",
				"grok.clients.old.temperature=1", "grok.clients.odd.model=grok-99", "grok.budgets.daily.limit=5");
		List<String> warnings = ours(output).stream().filter((line) -> line.contains(" WARN ")).toList();
		assertThat(warnings).hasSize(4)
			.anyMatch((line) -> line.contains("The API key in 'grok.api-key' is surrounded by whitespace"))
			.anyMatch((line) -> line.contains("'grok.chat.model' is 'grok-3-mini', which xAI retired"))
			.anyMatch(
					(line) -> line.contains("'grok.clients.odd.model' is 'grok-99', which is not in the model catalog"))
			.anyMatch((line) -> line.contains("Budgets are configured, but the output of"));
		assertThat(ours(output)).hasSize(4 + 4);
		assertThat(output).doesNotContain(ContextRunners.KEY);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "|1", "grok|0", "openai|0" })
	void modelsOfSeveralProvidersWithoutAChoiceAreALine(String choice, int lines, CapturedOutput output) {
		start(WithOpenAi.class, "grok.api-key=" + ContextRunners.KEY, "spring.ai.openai.api-key=sk-not-real",
				((choice != null) ? "spring.ai.model.chat=" + choice : "spring.ai.unused=1"));
		assertThat(ours(output).stream().filter((line) -> line.contains("There are several chat models")))
			.hasSize(lines)
			.allMatch((line) -> line.contains(" INFO ")
					&& line.contains("the injected ChatModel or ChatClient.Builder is 'openAiChatModel'")
					&& line.contains("the injected ChatClient is 'grokChatClient'")
					&& line.contains("'spring.ai.model.chat'"));
	}

	@Test
	void clientsWithoutMaxTokensAreMarkedAndRetriesThatAreOffAreNotReported(CapturedOutput output) {
		start("grok.api-key=" + ContextRunners.KEY, "grok.retry.enabled=false", "grok.clients.short.max-tokens=100");
		assertThat(ours(output)).hasSize(2);
		assertThat(ours(output).get(0)).contains("api auto, no max-tokens, at most about $3.16 per request;");
		assertThat(ours(output).get(1)).contains("api auto, at most about $2.53 per request;");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"', value = {
			"grok.fallback.models=grok-4.7 | at most about $17.20 per request;",
			"grok.chat.service-tier=priority | at most about $5.05 per request;",
			"grok.chat.tools.web-search.enabled=true | at most about $2.58 per request, excluding the prompts of further turns;",
			"grok.chat.model=grok-99 | at most about $17.20 per request;", "grok.cost.enabled=false | api auto;" })
	void whatARequestCostsAtMostIsThatOfItsDearestModelAndOptions(String property, String line, CapturedOutput output) {
		start("grok.api-key=" + ContextRunners.KEY, "grok.chat.max-tokens=100", property,
				"grok.models[grok-4.7].price.input=17.00", "grok.models[grok-4.7].price.long-context-input=34.00");
		assertThat(ours(output).stream().filter((text) -> text.contains("Grok client 'default'"))).singleElement()
			.asString()
			.contains(line);
	}

	@Test
	void anEstimateThatFailsEndsNoStart(CapturedOutput output) {
		start(WithFailingEstimate.class, "grok.api-key=" + ContextRunners.KEY);
		assertThat(ours(output).get(0)).contains("Grok client 'default'").doesNotContain("$");
	}

	@Test
	void theLevelSwitchesItOff(CapturedOutput output) {
		start("grok.api-key=" + ContextRunners.KEY, "logging.level.io.github.grokspring=warn");
		assertThat(ours(output)).isEmpty();
	}

	@Test
	void lazyClientsAreNotMadeToBeReported(CapturedOutput output) {
		start("grok.api-key=" + ContextRunners.KEY, "spring.main.lazy-initialization=true",
				"grok.chat.model=grok-3-mini", "grok.clients.deep.model=grok-4.7");
		assertThat(ours(output)).isEmpty();
	}

	private static void start(String... properties) {
		start(Application.class, properties);
	}

	private static void start(Class<?> type, String... properties) {
		SpringApplication application = new SpringApplication(type);
		application.setWebApplicationType(WebApplicationType.NONE);
		application.setBannerMode(Banner.Mode.OFF);
		application
			.run(Stream.concat(Stream.of("grok.warm-up=false"), Stream.of(properties))
				.map((property) -> "--" + property)
				.toArray(String[]::new))
			.close();
	}

	private static List<String> ours(CapturedOutput output) {
		return output.getAll()
			.lines()
			.filter((line) -> line.contains("grokspring") || line.contains("i.g.g"))
			.filter((line) -> !line.contains("StartupLoggerTests"))
			.toList();
	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ SslAutoConfiguration.class, GrokAutoConfiguration.class,
			GrokChatClientAutoConfiguration.class })
	static class Application {

	}

	@Configuration(proxyBeanMethods = false)
	static class WithFailingEstimate extends Application {

		@Bean
		CostEstimator failing() {
			return (prompt, model) -> {
				throw new IllegalStateException("There are no messages");
			};
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration({ ToolCallingAutoConfiguration.class, ChatClientAutoConfiguration.class,
			OpenAiChatAutoConfiguration.class })
	static class WithOpenAi extends Application {

	}

}
