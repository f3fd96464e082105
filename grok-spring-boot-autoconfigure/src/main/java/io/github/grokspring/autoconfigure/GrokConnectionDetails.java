package io.github.grokspring.autoconfigure;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Where xAI is reached, and with which key. A bean of this type replaces
 * {@code grok.base-url}, {@code grok.api-key} and the environment variable
 * {@code XAI_API_KEY}. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface GrokConnectionDetails extends ConnectionDetails {

	/**
	 * The URL where the paths of the API begin, up to and including {@code /v1}. Asked
	 * once, when the application starts.
	 * @return the base URL
	 */
	String getBaseUrl();

	/**
	 * The API key. Asked for every request, so that a key can be changed while the
	 * application runs; must not block.
	 * @return the key, without {@code Bearer}
	 */
	String getApiKey();

}
