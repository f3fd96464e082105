package io.github.grokspring.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of Grok and its named clients.
 *
 * @param enabled Whether to create the Grok beans.
 * @param apiKey API key from console.x.ai. Defaults to the value of the environment
 * variable XAI_API_KEY.
 * @param baseUrl Base URL of the API, up to and including /v1.
 * @param clients Named clients. Each of them accepts every property of grok.chat and
 * inherits those that it does not set.
 * @param warmUp Whether to preload classes in the background after startup.
 * @param unknownProperties Action to take when a property below grok does not exist.
 * @param whenDisabled Beans to create when Grok is disabled.
 */
@ConfigurationProperties("grok")
record GrokProperties(@DefaultValue("true") boolean enabled, @Nullable String apiKey,
		@DefaultValue("https://api.x.ai/v1") String baseUrl, @DefaultValue Map<String, GrokChatProperties> clients,
		@DefaultValue("true") boolean warmUp, @DefaultValue("fail") UnknownProperties unknownProperties,
		@DefaultValue("absent") WhenDisabled whenDisabled) {

	/**
	 * Contains no API key.
	 */
	@Override
	public String toString() {
		return "GrokProperties[enabled=" + this.enabled + ", apiKey=" + ((this.apiKey != null) ? "***" : null)
				+ ", baseUrl=" + this.baseUrl + ", clients=" + this.clients + "]";
	}

	/**
	 * Action to take when a property does not exist.
	 */
	enum UnknownProperties {

		/**
		 * The application does not start.
		 */
		FAIL,

		/**
		 * A warning is logged.
		 */
		WARN,

		/**
		 * The property is ignored.
		 */
		IGNORE

	}

	/**
	 * Beans to create when Grok is disabled.
	 */
	enum WhenDisabled {

		/**
		 * None.
		 */
		ABSENT,

		/**
		 * Clients and a model whose calls fail.
		 */
		STUB

	}

}
