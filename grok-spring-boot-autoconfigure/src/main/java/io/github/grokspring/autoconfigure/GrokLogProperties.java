package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of logging.
 *
 * @param calls Level at which the logger io.github.grokspring.calls logs each call.
 */
@ConfigurationProperties("grok.log")
record GrokLogProperties(@DefaultValue("debug") Calls calls) {

	/**
	 * Level at which calls are logged.
	 */
	enum Calls {

		/**
		 * Calls are not logged.
		 */
		OFF,

		/**
		 * Calls are logged at DEBUG.
		 */
		DEBUG,

		/**
		 * Calls are logged at INFO.
		 */
		INFO

	}

}
