package io.github.grokspring.connection;

import reactor.netty.http.client.HttpClient;

/**
 * Callback to customize the HTTP client of a connection before its first use, after all
 * {@link HttpSettings} have been applied.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokHttpClientCustomizer {

	/**
	 * Customizes the client.
	 * @param client the configured client, which is immutable
	 * @return the client to use
	 */
	HttpClient customize(HttpClient client);

}
