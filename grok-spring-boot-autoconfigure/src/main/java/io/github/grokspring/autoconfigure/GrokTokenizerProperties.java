package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of token counting.
 *
 * @param mode Method of counting the tokens of a text.
 * @param cacheSize Maximum number of token counts by xAI to cache. Texts are not cached.
 * @param timeout Time to wait for a token count by xAI before the tokens are counted
 * locally.
 */
@ConfigurationProperties("grok.tokenizer")
record GrokTokenizerProperties(@DefaultValue("local") Mode mode, @DefaultValue("10000") Integer cacheSize,
		@DefaultValue("3s") Duration timeout) {

	GrokTokenizerProperties {
		if (cacheSize < 0) {
			throw new GrokConfigurationException("cache-size", "is " + cacheSize + " but must not be negative",
					"Set the property to the maximum number of cached counts, or to 0 to disable the cache.");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new GrokConfigurationException("timeout",
					"is " + timeout.toMillis() + " ms but must be longer than 0",
					"Set the property to a duration, for example 3s. To send no texts to xAI for counting, set"
							+ " 'grok.tokenizer.mode' to 'local'.");
		}
	}

	/**
	 * Method of counting tokens.
	 */
	enum Mode {

		/**
		 * In the application; no text is sent.
		 */
		LOCAL,

		/**
		 * By xAI.
		 */
		REMOTE,

		/**
		 * In the application, and by xAI for texts close to the context window.
		 */
		HYBRID

	}

}
