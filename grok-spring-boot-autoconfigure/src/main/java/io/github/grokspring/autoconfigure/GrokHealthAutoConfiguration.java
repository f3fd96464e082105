package io.github.grokspring.autoconfigure;

import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.actuate.GrokHealthIndicator;
import io.github.grokspring.actuate.Impediment;
import io.github.grokspring.actuate.Probe;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.connection.HttpExchange;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} for the health of the way to xAI.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = GrokAutoConfiguration.class)
@ConditionalOnClass({ HealthIndicator.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ HttpExchange.class, ModelCatalog.class })
@ConditionalOnEnabledHealthIndicator("grok")
@EnableConfigurationProperties(GrokHealthProperties.class)
public final class GrokHealthAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "grokHealthIndicator", "grokHealthContributor" })
	GrokHealthIndicator grokHealthIndicator(GrokHealthProperties health, GrokProperties properties,
			GrokChatProperties chat, GrokConnectionDetails connectionDetails, HttpExchange exchange,
			ModelCatalog catalog, ObjectProvider<ImpedimentSource> impediments) {
		return new GrokHealthIndicator(probe(health, exchange), connectionDetails.getBaseUrl(),
				requiredModels(health, properties, chat), catalog, () -> impediments(impediments));
	}

	private static Probe probe(GrokHealthProperties health, HttpExchange exchange) {
		Clock clock = Clock.systemUTC();
		Probe probe = switch (health.probe()) {
			case MODELS, NONE -> Probe.models(exchange, health.timeout(), clock);
			case API_KEY -> Probe.apiKey(exchange, health.timeout(), clock);
		};
		return probe.cached(health.cacheTtl(), clock);
	}

	private static Set<String> requiredModels(GrokHealthProperties health, GrokProperties properties,
			GrokChatProperties chat) {
		if (!health.requiredModels().isEmpty()) {
			return health.requiredModels();
		}
		Set<String> models = new LinkedHashSet<>();
		models.add(String.valueOf(GrokClientSettings.ofDefault(chat).chat().model()));
		properties.clients()
			.forEach((name, own) -> models
				.add(String.valueOf(GrokClientSettings.ofNamed(name, own, chat).chat().model())));
		return models;
	}

	private static List<Impediment> impediments(ObjectProvider<ImpedimentSource> sources) {
		return sources.orderedStream().flatMap((source) -> source.impediments().stream()).toList();
	}

}
