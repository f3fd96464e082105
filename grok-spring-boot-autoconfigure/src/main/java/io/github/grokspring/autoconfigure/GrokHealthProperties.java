package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the health indicator.
 *
 * @param probe Probe that determines whether xAI is available.
 * @param cacheTtl Time for which a probe result is reused. Failures are reused for 5
 * seconds at most.
 * @param timeout Maximum time to wait for a probe result, including the connection.
 * @param requiredModels Comma-separated list of models that xAI must serve. Defaults to
 * the models of the configured clients.
 */
@ConfigurationProperties("grok.health")
record GrokHealthProperties(@DefaultValue("models") Probe probe, @DefaultValue("30s") Duration cacheTtl,
		@DefaultValue("3s") Duration timeout, @DefaultValue Set<String> requiredModels) {

	GrokHealthProperties {
		requiredModels = requiredModels.stream()
			.map(String::strip)
			.filter(StringUtils::hasText)
			.collect(Collectors.toUnmodifiableSet());
		if (cacheTtl.isNegative()) {
			throw new GrokConfigurationException("cache-ttl",
					"is " + cacheTtl.toMillis() + " ms but must not be negative",
					"Set the property to a duration, for example 30s, or to 0s to probe every time.");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new GrokConfigurationException("timeout",
					"is " + timeout.toMillis() + " ms but must be longer than 0",
					"Set the property to a duration, for example 3s, or remove it.");
		}
	}

	/**
	 * Probe that determines whether xAI is available.
	 */
	enum Probe {

		/**
		 * The list of models.
		 */
		MODELS,

		/**
		 * The state of the API key.
		 */
		API_KEY,

		/**
		 * No request; the outcome of recent calls.
		 */
		NONE

	}

}
