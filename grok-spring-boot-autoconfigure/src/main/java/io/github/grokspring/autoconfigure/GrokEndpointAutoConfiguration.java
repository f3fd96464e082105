package io.github.grokspring.autoconfigure;

import java.time.Clock;

import io.github.grokspring.actuate.ErrorStatistics;
import io.github.grokspring.actuate.GrokEndpoint;
import io.github.grokspring.actuate.GrokEndpointContext;
import io.github.grokspring.actuate.GrokEndpointWebExtension;
import io.github.grokspring.actuate.SpendStatistics;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.scrub.Scrubber;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.actuate.endpoint.SanitizingFunction;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the {@link GrokEndpoint}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { GrokAutoConfiguration.class, GrokChatClientAutoConfiguration.class })
@ConditionalOnClass({ Endpoint.class, ConditionalOnAvailableEndpoint.class })
@ConditionalOnBooleanProperty(name = "grok.enabled", matchIfMissing = true)
public final class GrokEndpointAutoConfiguration {

	// Nested, so that its condition is not evaluated without the actuator
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnAvailableEndpoint(GrokEndpoint.class)
	@EnableConfigurationProperties(GrokEndpointProperties.class)
	static class Available {

		@Bean
		@ConditionalOnMissingBean(SpendStatistics.class)
		SpendStatistics grokSpendJournal() {
			return new SpendStatistics(Clock.systemUTC());
		}

		@Bean
		@ConditionalOnMissingBean(ErrorStatistics.class)
		ErrorStatistics grokErrorJournal() {
			return new ErrorStatistics(Clock.systemUTC());
		}

		@Bean
		@ConditionalOnMissingBean(GrokEndpoint.class)
		GrokEndpoint grokEndpoint(GrokEndpointProperties properties, GrokChatModelFactory models,
				ObjectProvider<GrokChatModel> beans, GrokConnectionDetails connectionDetails, ModelCatalog catalog,
				SpendStatistics spend, ErrorStatistics errors, ObjectProvider<Budgets> budgets,
				ObjectProvider<RateLimits> limits, ObjectProvider<GrokRateLimitProperties> configuredLimits,
				ObjectProvider<CircuitBreakers> circuitBreakers, ObjectProvider<Scrubber> scrubber,
				ObjectProvider<ResponseCache> cache, ObjectProvider<SanitizingFunction> sanitizers) {
			CreatedClients clients = new CreatedClients(models, beans,
					BaseUrl.of(connectionDetails.getBaseUrl()).host());
			RateLimits rateLimits = limits.getIfUnique();
			GrokRateLimitProperties configured = (rateLimits != null) ? configuredLimits.getIfAvailable() : null;
			GrokEndpointContext sources = new GrokEndpointContext(clients, catalog, spend, errors,
					budgets.getIfUnique(), rateLimits, (configured != null) ? configured.settings() : null,
					circuitBreakers.getIfUnique(), scrubber.getIfUnique(), cache.getIfUnique());
			return new GrokEndpoint(sources, Clock.systemUTC(), sanitizers.orderedStream().toList(),
					properties.showValues());
		}

		@Bean
		@ConditionalOnMissingBean(GrokEndpointWebExtension.class)
		@ConditionalOnBean(GrokEndpoint.class)
		@ConditionalOnAvailableEndpoint(endpoint = GrokEndpoint.class, exposure = EndpointExposure.WEB)
		GrokEndpointWebExtension grokEndpointWebExtension(GrokEndpoint endpoint, GrokEndpointProperties properties) {
			return new GrokEndpointWebExtension(endpoint, properties.showValues(), properties.roles());
		}

	}

}
