package io.github.grokspring.autoconfigure;

import java.time.Clock;

import io.github.bucket4j.Bucket;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.observation.BudgetMeters;
import io.github.grokspring.observation.EventMeters;
import io.github.grokspring.observation.RateLimitMeters;
import io.github.grokspring.observation.TokenCostMeter;
import io.github.grokspring.ratelimit.RateLimits;
import io.micrometer.core.instrument.MeterRegistry;

import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;

/**
 * Configuration of meters, if there is a registry.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(MeterRegistry.class)
class MeterConfiguration {

	@Bean
	@ConditionalOnMissingBean(EventMeters.class)
	EventMeters grokEventMeters(MeterRegistry registry, ModelCatalog catalog) {
		return new EventMeters(registry, catalog);
	}

	@Bean
	@ConditionalOnMissingBean(TokenCostMeter.class)
	TokenCostMeter grokCostMeter(MeterRegistry registry, ModelCatalog catalog) {
		return new TokenCostMeter(registry, catalog);
	}

	// Eager, because no other bean depends on gauges
	@Bean
	@Lazy(false)
	@ConditionalOnMissingBean(BudgetMeters.class)
	BudgetMeters grokBudgetMeters(MeterRegistry registry, Budgets budgets) {
		return new BudgetMeters(registry, budgets, Clock.systemUTC());
	}

	/**
	 * Meters of rate limits, which require Bucket4j.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Bucket.class)
	static class RateLimited {

		@Bean
		@Lazy(false)
		@ConditionalOnMissingBean(RateLimitMeters.class)
		RateLimitMeters grokRateLimitMeters(MeterRegistry registry, RateLimits limits) {
			return new RateLimitMeters(registry, limits, Clock.systemUTC());
		}

	}

}
