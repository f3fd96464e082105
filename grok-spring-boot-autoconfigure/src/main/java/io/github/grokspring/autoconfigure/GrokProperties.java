package io.github.grokspring.autoconfigure;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the connection to xAI, and of the named clients.
 *
 * @param enabled Whether the beans of Grok are created
 * @param apiKey API key of xAI, as made on console.x.ai; taken from the environment
 * variable XAI_API_KEY when not set
 * @param baseUrl URL where the paths of the API begin, up to and including /v1
 * @param clients Named clients, each with any key of grok.chat; what a client leaves out
 * is taken from grok.chat
 * @param warmUp Whether what the first call would wait for is loaded in the background
 * when the application is ready
 * @param unknownProperties Reaction to properties below grok that do not exist.
 * @param whenDisabled Beans that exist when Grok is disabled.
 */
@ConfigurationProperties("grok")
record GrokProperties(@DefaultValue("true") boolean enabled, @Nullable String apiKey,
		@DefaultValue("https://api.x.ai/v1") String baseUrl, @DefaultValue Map<String, GrokChatProperties> clients,
		@DefaultValue("true") boolean warmUp, @DefaultValue("fail") UnknownProperties unknownProperties,
		@DefaultValue("absent") WhenDisabled whenDisabled) {

	/**
	 * Shows whether there is a key, not which.
	 */
	@Override
	public String toString() {
		return "GrokProperties[enabled=" + this.enabled + ", apiKey=" + ((this.apiKey != null) ? "***" : null)
				+ ", baseUrl=" + this.baseUrl + ", clients=" + this.clients + "]";
	}

	/**
	 * Reaction to properties that do not exist.
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
		 * None.
		 */
		IGNORE

	}

	/**
	 * Beans that exist when Grok is disabled.
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
