package io.github.grokspring.autoconfigure;

import java.time.Clock;

import io.github.grokspring.observation.RateLimitMeters;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.LazyInitializationBeanFactoryPostProcessor;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link MeterConfiguration}.
 */
class MeterConfigurationTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(MeterRegistry.class, () -> this.registry)
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	@Test
	void whatXaiTellsOfItsLimitsIsShown() {
		this.runner.run((context) -> {
			assertThat(context).hasBean("grokRateLimitMeters");
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(this.registry.get("grok.client.ratelimit.remaining")
				.tags("model", "grok-4.3", "limit", "requests")
				.gauge()
				.value()).isPositive();
			assertThat(this.registry.get("grok.client.concurrency.active").gauge().value()).isZero();
			assertThat(this.registry.get("grok.client.concurrency.queued").gauge().value()).isZero();
		});
	}

	@Test
	void whereNothingIsLimitedThereAreNoGauges() {
		this.runner.withPropertyValues("grok.rate-limit.learn=false").run((context) -> {
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(this.registry.find("grok.client.concurrency.active").gauge()).isNull();
			assertThat(this.registry.find("grok.client.ratelimit.remaining").gauge()).isNull();
		});
	}

	@Test
	void whereBeansAreLazyEverythingIsMeasuredAllTheSame() {
		this.runner
			.withInitializer(
					(context) -> context.addBeanFactoryPostProcessor(new LazyInitializationBeanFactoryPostProcessor()))
			.withPropertyValues("grok.budgets.daily.limit=5")
			.run((context) -> {
				context.getBean(ChatClient.class).prompt("hi").call().content();
				assertThat(this.registry.get("grok.client.requests").timer().count()).isOne();
				assertThat(this.registry.get("grok.budget.used").gauge().value()).isPositive();
				assertThat(this.registry.get("grok.client.concurrency.active").gauge().value()).isZero();
			});
	}

	@Test
	void withoutBucket4jThereAreNoGauges() {
		this.runner.withClassLoader(new FilteredClassLoader("io.github.bucket4j"))
			.run((context) -> assertThat(context).hasNotFailed()
				.hasBean("grokCostMeter")
				.doesNotHaveBean(RateLimitMeters.class));
	}

	@Test
	void withoutARegistryThereAreNoMeters() {
		ContextRunners.starterWithKey()
			.run((context) -> assertThat(context).hasNotFailed()
				.doesNotHaveBean("grokRateLimitMeters")
				.doesNotHaveBean("grokCostMeter")
				.doesNotHaveBean("grokEventMeters")
				.doesNotHaveBean("grokBudgetMeters"));
	}

	@Test
	void ownMetersOfLimitsGoFirst() {
		this.runner.withUserConfiguration(OwnMeters.class)
			.run((context) -> assertThat(context).hasSingleBean(RateLimitMeters.class)
				.doesNotHaveBean("grokRateLimitMeters"));
	}

	@Configuration(proxyBeanMethods = false)
	static class OwnMeters {

		@Bean
		RateLimitMeters own(RateLimits limits) {
			return new RateLimitMeters(new SimpleMeterRegistry(), limits, Clock.systemUTC());
		}

	}

}
