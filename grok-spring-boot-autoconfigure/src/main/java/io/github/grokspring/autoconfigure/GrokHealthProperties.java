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
 * @param probe What is asked of xAI to find out whether it can be used
 * @param cacheTtl How long what was found out is fresh, so that xAI is not asked again;
 * trouble is fresh for 5s at most
 * @param timeout How long the answer may take, making a connection included
 * @param requiredModels Comma-separated list of models that xAI has to serve; those of
 * the configured clients when empty
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
					"Write a duration such as 30s, or 0s to ask every time.");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new GrokConfigurationException("timeout",
					"is " + timeout.toMillis() + " ms but must be longer than 0",
					"Write a duration such as 3s, or remove the property.");
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
