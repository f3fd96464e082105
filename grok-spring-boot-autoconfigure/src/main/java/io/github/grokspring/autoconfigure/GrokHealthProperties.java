package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Set;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the health indicator.
 *
 * @param probe What is asked of xAI to find out whether it can be used
 * @param cacheTtl How long an answer is fresh, so that xAI is not asked again
 * @param timeout Longest time the answer may take
 * @param requiredModels Comma-separated list of models that must be served; those of the
 * configured clients when empty
 */
@ConfigurationProperties("grok.health")
record GrokHealthProperties(@DefaultValue("models") Probe probe, @DefaultValue("30s") Duration cacheTtl,
		@DefaultValue("3s") Duration timeout, @DefaultValue Set<String> requiredModels) {

	GrokHealthProperties {
		requiredModels = Set.copyOf(requiredModels);
		if (cacheTtl.isNegative()) {
			throw new GrokConfigurationException("cache-ttl", "is negative",
					"Write a duration such as 30s, or 0s to ask every time.");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new GrokConfigurationException("timeout", "must be longer than 0", "Write a duration such as 3s.");
		}
	}

	/**
	 * What is asked of xAI.
	 */
	enum Probe {

		/**
		 * The list of models.
		 */
		MODELS,

		/**
		 * Whether the key is blocked.
		 */
		API_KEY,

		/**
		 * Nothing; what calls have come to is looked at instead.
		 */
		NONE

	}

}
