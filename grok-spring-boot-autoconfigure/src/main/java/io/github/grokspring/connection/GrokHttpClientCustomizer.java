package io.github.grokspring.connection;

import reactor.netty.http.client.HttpClient;

/**
 * Callback that can change the HTTP client of a connection before its first use. It is
 * called after everything of {@link HttpSettings} has been applied, so it has the last
 * word.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface GrokHttpClientCustomizer {

	/**
	 * Customize the client.
	 * @param client the client as configured so far; immutable
	 * @return the client to use
	 */
	HttpClient customize(HttpClient client);

}
