package io.github.grokspring.autoconfigure;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of logging.
 *
 * @param calls Level of the line that is logged for each call on the logger
 * io.github.grokspring.calls.
 */
@ConfigurationProperties("grok.log")
record GrokLogProperties(@DefaultValue("debug") Calls calls) {

	/**
	 * Level of the line for each call.
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
