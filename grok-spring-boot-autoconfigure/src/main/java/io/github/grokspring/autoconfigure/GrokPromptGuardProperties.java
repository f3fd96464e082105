package io.github.grokspring.autoconfigure;

import io.github.grokspring.connection.ConversationIds;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of the prompt guard.
 *
 * @param enabled Whether what users write is fenced, and the model told not to obey it
 * against its system prompt
 * @param secret What the codes of fences are made with, the same for all instances of an
 * application, so that their caches stay of use to one another; made up anew by each
 * process if empty
 */
@ConfigurationProperties("grok.prompt-guard")
record GrokPromptGuardProperties(@DefaultValue("false") Boolean enabled, @Nullable String secret) {

	private static final int SHORTEST_SECRET = 32;

	GrokPromptGuardProperties {
		secret = StringUtils.hasText(secret) ? secret.strip() : null;
		if (secret != null && secret.length() < SHORTEST_SECRET) {
			throw new GrokConfigurationException("secret",
					"has fewer than " + SHORTEST_SECRET + " characters, so that it could be guessed",
					"Write a random one, such as 'openssl rand -hex 32' prints, or remove the property.");
		}
	}

	/**
	 * What hides ids of conversations: codes made with the secret or, without one, with
	 * the API key, so that instances make the same ones.
	 */
	ConversationIds conversationIds(GrokConnectionDetails connectionDetails) {
		String own = this.secret;
		return new ConversationIds((own != null) ? () -> own : connectionDetails::getApiKey);
	}

	@Override
	public String toString() {
		return "GrokPromptGuardProperties[enabled=" + this.enabled + "]";
	}

}
