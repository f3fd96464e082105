package io.github.grokspring.autoconfigure;

import java.util.function.UnaryOperator;

import io.github.bucket4j.Bucket;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.ratelimit.RateLimitingChatModel;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

/**
 * Configuration of client-side rate limits with Bucket4j.
 */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(GrokRateLimitProperties.class)
class RateLimitConfiguration {

	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Bucket.class)
	static class Bucket4jConfiguration {

		@Bean
		@ConditionalOnMissingBean(RateLimits.class)
		RateLimits grokRateLimits(GrokRateLimitProperties properties, ObjectProvider<ModelCatalog> catalogs,
				ObjectProvider<PromptTokenEstimator> estimators) {
			ModelCatalog catalog = catalogs.getIfAvailable();
			UnaryOperator<String> names = (catalog != null) ? catalog::resolveId : UnaryOperator.identity();
			return RateLimits.local(properties.settings(), names,
					estimators.getIfAvailable(PromptTokenEstimator::approximate));
		}

		@Bean
		@Order(0)
		@ConditionalOnMissingBean(name = "grokRateLimitDecorator")
		ChatModelDecorator grokRateLimitDecorator(RateLimits limits, GrokEventPublisher events) {
			return RateLimitingChatModel.decorator(limits, events.listener());
		}

	}

	/**
	 * Fails if limits are configured that cannot be applied without Bucket4j.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnMissingClass("io.github.bucket4j.Bucket")
	static class MissingBucket4jConfiguration {

		MissingBucket4jConfiguration(GrokRateLimitProperties properties) {
			require(properties.requestsPerMinute(), "requests-per-minute");
			require(properties.tokensPerMinute(), "tokens-per-minute");
			require((properties.maxConcurrent() > 0) ? properties.maxConcurrent() : null, "max-concurrent");
		}

		private static void require(@Nullable Number limit, String property) {
			if (limit != null) {
				throw new GrokConfigurationException("grok.rate-limit." + property,
						"is " + limit + ", but com.bucket4j:bucket4j_jdk17-core is not on the class path",
						"Add the dependency com.bucket4j:bucket4j_jdk17-core, or remove the property.");
			}
		}

	}

}
