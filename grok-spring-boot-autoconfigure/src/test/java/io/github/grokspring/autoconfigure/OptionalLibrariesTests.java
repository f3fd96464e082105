package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.autoconfigure.registry.HealthContributorRegistryAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * An application that lacks a library which this one can do without: it starts, it talks
 * to xAI, and what the library is for is not there. Where the absence of one is a
 * mistake, the tests of its feature say so.
 */
@Timeout(120)
class OptionalLibrariesTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(GrokHealthAutoConfiguration.class, GrokInfoAutoConfiguration.class))
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	@ParameterizedTest(name = "{0}")
	@MethodSource
	void theApplicationStartsWithout(String library, List<String> packages, List<String> absent, String property) {
		ApplicationContextRunner application = this.runner;
		if (!packages.contains("org.springframework.boot.health")) {
			application = application
				.withConfiguration(AutoConfigurations.of(HealthContributorRegistryAutoConfiguration.class));
		}
		if (!packages.contains("io.micrometer.core")) {
			application = application.withBean(SimpleMeterRegistry.class);
		}
		application.withClassLoader(new FilteredClassLoader(packages.toArray(String[]::new)))
			.withPropertyValues(property)
			.run((context) -> {
				assertThat(context).hasNotFailed().hasBean("grokChatModel");
				absent.forEach((bean) -> assertThat(context).doesNotHaveBean(bean));
				GrokChatModel model = context.getBean(GrokChatModel.class);
				assertThat(model.call(new Prompt("Hello")).getResult().getOutput().getText()).isNotEmpty();
				assertThat(model.stream(new Prompt("Hello")).collectList().block()).isNotEmpty();
				assertThat(xai.requestCount()).isEqualTo(2);
			});
	}

	static Stream<Arguments> theApplicationStartsWithout() {
		String none = "any=thing";
		return Stream.of(without("nothing", List.of("nothing.of.the.kind"), List.of(), none),
				without("spring-retry", List.of("org.springframework.retry"), List.of("grokRetryTemplate"), none),
				without("Resilience4j", List.of("io.github.resilience4j"),
						List.of("grokCircuitBreakers", "grokCircuitBreakerDecorator", "grokCircuitBreakerMeters"),
						none),
				without("Resilience4j's meters", List.of("io.github.resilience4j.micrometer"),
						List.of("grokCircuitBreakerMeters"), none),
				without("Bucket4j", List.of("io.github.bucket4j"), List.of("grokRateLimits", "grokRateLimitMeters"),
						none),
				without("Micrometer", List.of("io.micrometer.core"),
						List.of("grokCostMeter", "grokEventMeters", "grokBudgetMeters", "grokRateLimitMeters",
								"grokCircuitBreakerMeters"),
						none),
				without("Reactor Netty", List.of("reactor.netty"), List.of("grokHttpExchange", "grokNativeTransport"),
						"grok.chat.transport=spring-ai"),
				without("health", List.of("org.springframework.boot.health"),
						List.of("grokHealthIndicator", "grokHealthContributor", "grokLastCalls"), none),
				without("the actuator", List.of("org.springframework.boot.actuate"), List.of("grokInfoContributor"),
						none),
				without("the actuator and health",
						List.of("org.springframework.boot.actuate", "org.springframework.boot.health"),
						List.of("grokInfoContributor", "grokHealthIndicator"), none),
				without("spring-ai-openai", List.of("org.springframework.ai.openai", "com.openai"),
						List.of("grokSpringAiTransport"), none),
				without("HTTP clients of Spring", List.of("org.springframework.web", "org.springframework.http"),
						List.of(), none),
				without("the retries of Spring AI", List.of("org.springframework.ai.retry"), List.of(), none),
				without("the ChatClient", List.of("org.springframework.ai.chat.client"),
						List.of("grokChatClient", "grokTenantCustomizer"), none),
				without("memory in a database", List.of("org.springframework.ai.chat.memory.repository.jdbc"),
						List.of(), none));
	}

	private static Arguments without(String library, List<String> packages, List<String> absent, String property) {
		return Arguments.of(library, packages, absent, property);
	}

}
