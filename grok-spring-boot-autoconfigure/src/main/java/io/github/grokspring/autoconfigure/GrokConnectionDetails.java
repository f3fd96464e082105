package io.github.grokspring.autoconfigure;

import org.springframework.boot.autoconfigure.service.connection.ConnectionDetails;

/**
 * Details required to connect to xAI. A bean of this type replaces {@code grok.base-url},
 * {@code grok.api-key} and the environment variable {@code XAI_API_KEY}. Implementations
 * must be thread-safe.
 *
 * @since 0.1.0
 */
public interface GrokConnectionDetails extends ConnectionDetails {

	/**
	 * Returns the base URL, up to and including {@code /v1}. Called once at startup.
	 * @return the base URL
	 */
	String getBaseUrl();

	/**
	 * Returns the API key. Called for each request, so that the key can be changed at
	 * runtime. Must not block.
	 * @return the key, without {@code Bearer}
	 */
	String getApiKey();

}
