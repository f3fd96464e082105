package io.github.grokspring.autoconfigure;

import java.math.BigDecimal;
import java.time.Duration;

import io.github.grokspring.ratelimit.RateLimitSettings;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the client-side rate limits, which all clients share.
 *
 * @param requestsPerMinute Maximum number of requests per minute and model. By default,
 * there is no limit.
 * @param tokensPerMinute Maximum number of tokens per minute and model, estimated before
 * a call and corrected after it. By default, there is no limit.
 * @param maxConcurrent Maximum number of concurrent requests. A stream counts until its
 * end. Zero for no limit.
 * @param maxQueued Maximum number of requests that wait for a limit. Further requests are
 * rejected at once.
 * @param maxWait Maximum time that a request waits for a limit before it is rejected.
 * @param learn Whether to apply limits reported by xAI.
 * @param store Store for rate limits.
 * @param burst Percentage of requests-per-minute that can be sent at once, at least 10
 * requests.
 */
@ConfigurationProperties("grok.rate-limit")
record GrokRateLimitProperties(@Nullable Long requestsPerMinute, @Nullable Long tokensPerMinute,
		@DefaultValue("0") Integer maxConcurrent, @DefaultValue("256") Integer maxQueued,
		@DefaultValue("30s") Duration maxWait, @DefaultValue("true") Boolean learn, @DefaultValue("auto") Store store,
		@DefaultValue("10%") String burst) {

	private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

	GrokRateLimitProperties {
		requirePositive("requests-per-minute", requestsPerMinute, "requests");
		requirePositive("tokens-per-minute", tokensPerMinute, "tokens");
		requireCount("max-concurrent", maxConcurrent,
				"Set the property to the maximum number of concurrent requests, or to 0 for no limit.");
		requireCount("max-queued", maxQueued,
				"Set the property to the maximum number of waiting requests, or to 0 for none.");
		if (maxWait.isNegative()) {
			throw new GrokConfigurationException("max-wait",
					"is " + maxWait.toMillis() + " ms but must not be negative",
					"Set the property to a duration, for example 30s, or to 0s if requests must not wait.");
		}
		if (store == Store.REDIS) {
			throw new GrokConfigurationException("store",
					"is 'redis', but this version supports local rate limits only",
					"Set the property to 'auto' or 'local', and divide the limits by the number of instances.");
		}
		burst = StringUtils.hasText(burst) ? burst.strip() : "10%";
		if (Percentage.of("burst", burst).compareTo(HUNDRED) > 0) {
			throw new GrokConfigurationException("burst", "is '" + burst + "' but must be at most 100%",
					"Set the property to a percentage of 'grok.rate-limit.requests-per-minute', for example 10%, or remove it.");
		}
	}

	RateLimitSettings settings() {
		return new RateLimitSettings(this.requestsPerMinute, this.tokensPerMinute, this.maxConcurrent, this.maxQueued,
				this.maxWait, this.learn, Percentage.of("burst", this.burst));
	}

	private static void requirePositive(String name, @Nullable Long value, String what) {
		if (value != null && value < 1) {
			throw new GrokConfigurationException(name, "is " + value + " but must be at least 1",
					"Set the property to the maximum number of " + what + " per minute, or remove it for no limit.");
		}
	}

	private static void requireCount(String name, int value, String action) {
		if (value < 0) {
			throw new GrokConfigurationException(name, "is " + value + " but must not be negative", action);
		}
	}

	/**
	 * Store for rate limits.
	 */
	enum Store {

		/**
		 * Local to each instance.
		 */
		AUTO,

		/**
		 * Local to each instance.
		 */
		LOCAL,

		/**
		 * Not supported by this version; rejected with a specific message.
		 */
		REDIS

	}

}
