package io.github.grokspring.autoconfigure;

import java.time.Duration;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of counting tokens.
 *
 * @param mode Where the tokens of a text are counted
 * @param cacheSize How many counts of xAI are remembered; the texts are not
 * @param timeout How long a count of xAI may take before it is counted in the application
 */
@ConfigurationProperties("grok.tokenizer")
record GrokTokenizerProperties(@DefaultValue("local") Mode mode, @DefaultValue("10000") Integer cacheSize,
		@DefaultValue("3s") Duration timeout) {

	GrokTokenizerProperties {
		if (cacheSize < 0) {
			throw new GrokConfigurationException("cache-size", "is " + cacheSize + " but must not be negative",
					"Write how many counts are remembered, 0 for none.");
		}
		if (timeout.isNegative() || timeout.isZero()) {
			throw new GrokConfigurationException("timeout", "is " + timeout.toMillis() + " ms but must be positive",
					"Write a duration such as 3s, or set 'grok.tokenizer.mode' to 'local' to ask xAI for no count.");
		}
	}

	/**
	 * Where tokens are counted.
	 */
	enum Mode {

		/**
		 * In the application; nothing is sent.
		 */
		LOCAL,

		/**
		 * By xAI.
		 */
		REMOTE,

		/**
		 * In the application, and by xAI when it is about a limit.
		 */
		HYBRID

	}

}
