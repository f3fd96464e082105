package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.retry.CircuitBreakerChatModel;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.micrometer.tagged.TaggedCircuitBreakerMetrics;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.beans.factory.InitializingBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * Configuration of circuit breakers with Resilience4j.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokCircuitBreakerProperties.class)
class CircuitBreakerConfiguration {

	private static final String ENABLED = "grok.circuit-breaker.enabled";

	// Evaluated after the nested configurations. Innermost stage, because the time spent
	// waiting for a rate limit is not part of a call to the model.
	@Bean
	@Order(Ordered.LOWEST_PRECEDENCE)
	@ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
	@ConditionalOnBean(CircuitBreakers.class)
	@ConditionalOnMissingBean(name = "grokCircuitBreakerDecorator")
	ChatModelDecorator grokCircuitBreakerDecorator(CircuitBreakers breakers) {
		return CircuitBreakerChatModel.decorator(breakers);
	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass({ CircuitBreaker.class, MeterRegistry.class, TaggedCircuitBreakerMetrics.class })
	@ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
	@ConditionalOnBean(MeterRegistry.class)
	static class MeteredCircuitBreakerConfiguration {

		@Bean
		CircuitBreakerMeters grokCircuitBreakerMeters(MeterRegistry meters) {
			return new CircuitBreakerMeters(
					(registry) -> TaggedCircuitBreakerMetrics.ofCircuitBreakerRegistry(registry).bindTo(meters));
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(CircuitBreaker.class)
	@ConditionalOnBooleanProperty(name = ENABLED, matchIfMissing = true)
	static class Resilience4jConfiguration {

		@Bean
		@ConditionalOnMissingBean(CircuitBreakers.class)
		CircuitBreakers grokCircuitBreakers(GrokCircuitBreakerProperties properties,
				ObjectProvider<CircuitBreakerMeters> meters) {
			return CircuitBreakers.create(properties.toSettings(), TimeSource.system(),
					meters.getIfAvailable(CircuitBreakerMeters::none).binding());
		}

	}

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("io.github.resilience4j.circuitbreaker.CircuitBreaker")
	@ConditionalOnMissingBean(CircuitBreakers.class)
	@ConditionalOnBooleanProperty(ENABLED)
	static class MissingResilience4jConfiguration {

		@Bean
		InitializingBean grokCircuitBreakerLibrary() {
			return () -> {
				throw new GrokConfigurationException(ENABLED,
						"is 'true', but io.github.resilience4j:resilience4j-circuitbreaker is not on the class path",
						"Add the dependency io.github.resilience4j:resilience4j-circuitbreaker, or set '" + ENABLED
								+ "' to 'false'.");
			};
		}

	}

}
