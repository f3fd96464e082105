package io.github.grokspring.autoconfigure;

import java.time.Clock;
import java.util.Set;
import java.util.TreeSet;

import io.github.grokspring.actuate.GrokHealthIndicator;
import io.github.grokspring.actuate.Probe;
import io.github.grokspring.actuate.RecentOutcomes;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.ReactiveHealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * Configuration of the {@code grok} health indicator. There are two beans, because Spring
 * Boot uses different types for blocking and reactive applications. Both back off if the
 * application defines an indicator of that name.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnBean(GrokEventPublisher.class)
@ConditionalOnEnabledHealthIndicator("grok")
@ConditionalOnMissingBean(name = { "grokHealthIndicator", "grokHealthContributor" })
@EnableConfigurationProperties(GrokHealthProperties.class)
class HealthConfiguration {

	@Bean
	@ConditionalOnMissingBean(RecentOutcomes.class)
	RecentOutcomes grokLastCalls(GrokHealthProperties health) {
		return new RecentOutcomes(health.cacheTtl(), Clock.systemUTC());
	}

	@Bean
	GrokHealthIndicator grokHealthIndicator(GrokHealthProperties health, GrokProperties properties,
			GrokChatProperties chat, GrokConnectionDetails connectionDetails, ObjectProvider<XaiHttpClient> httpClient,
			RecentOutcomes recentOutcomes, ModelCatalog catalog, ObjectProvider<CircuitBreakers> breakers,
			ObjectProvider<Budgets> budgets, ObjectProvider<RateLimits> limits) {
		Set<String> requiredModels = requiredModels(health, properties, chat);
		HealthProblems problems = new HealthProblems(breakers, budgets, limits::getIfAvailable);
		return new GrokHealthIndicator(probe(health, httpClient.getIfAvailable(), recentOutcomes, requiredModels),
				BaseUrl.of(connectionDetails.getBaseUrl()).host(), requiredModels, catalog, problems::current,
				problems::notices);
	}

	@Bean
	ReactiveHealthIndicator grokHealthContributor(GrokHealthIndicator indicator) {
		return indicator.reactive();
	}

	// Without an HTTP client, only the outcome of recent calls is known
	private static Probe probe(GrokHealthProperties health, @Nullable XaiHttpClient httpClient,
			RecentOutcomes recentOutcomes, Set<String> requiredModels) {
		if (httpClient == null) {
			return recentOutcomes;
		}
		Clock clock = Clock.systemUTC();
		return switch (health.probe()) {
			case MODELS ->
				Probe.models(httpClient, health.timeout(), clock, requiredModels).cached(health.cacheTtl(), clock);
			case API_KEY -> Probe.apiKey(httpClient, health.timeout(), clock).cached(health.cacheTtl(), clock);
			case NONE -> recentOutcomes;
		};
	}

	private static Set<String> requiredModels(GrokHealthProperties health, GrokProperties properties,
			GrokChatProperties chat) {
		if (!health.requiredModels().isEmpty()) {
			return health.requiredModels();
		}
		Set<String> models = new TreeSet<>();
		models.add(String.valueOf(GrokClientSettings.ofDefault(chat).chat().model()));
		properties.clients()
			.forEach((name, client) -> models
				.add(String.valueOf(GrokClientSettings.ofNamed(name, client, chat).chat().model())));
		return models;
	}

}
