package io.github.grokspring.chain;

/**
 * How a request uses the response cache, if there is one.
 *
 * @since 0.1.0
 */
public enum CacheMode {

	/**
	 * Returns the cached response of an equal request, or shares that of an equal request
	 * in progress. Stores a new response.
	 */
	DEFAULT,

	/**
	 * Neither reads from nor writes to the cache.
	 */
	BYPASS,

	/**
	 * Ignores the cached response and replaces it with a new one. The response of an
	 * equal request in progress is shared.
	 */
	REFRESH

}
