package io.github.grokspring.autoconfigure;

import io.github.grokspring.connection.ConversationIdHasher;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the prompt guard.
 *
 * @param enabled Whether to delimit user messages and instruct the model not to follow
 * instructions in them that contradict the system prompt.
 * @param secret Secret for signing prompt delimiters. Share it between instances, so that
 * they can use each other's caches. By default, each process generates its own.
 */
@ConfigurationProperties("grok.prompt-guard")
record GrokPromptGuardProperties(@DefaultValue("false") Boolean enabled, @Nullable String secret) {

	private static final int SHORTEST_SECRET = 32;

	GrokPromptGuardProperties {
		secret = StringUtils.hasText(secret) ? secret.strip() : null;
		if (secret != null && secret.length() < SHORTEST_SECRET) {
			throw new GrokConfigurationException("secret",
					"has fewer than " + SHORTEST_SECRET + " characters, so it could be guessed",
					"Set the property to a random value, for example the output of 'openssl rand -hex 32', or remove it.");
		}
	}

	/**
	 * Returns the encoder of conversation ids. Without a secret it uses the API key, so
	 * that all instances create the same codes.
	 */
	ConversationIdHasher conversationIds(GrokConnectionDetails connectionDetails) {
		String own = this.secret;
		return new ConversationIdHasher((own != null) ? () -> own : connectionDetails::getApiKey);
	}

	@Override
	public String toString() {
		return "GrokPromptGuardProperties[enabled=" + this.enabled + "]";
	}

}
