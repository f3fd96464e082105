package io.github.grokspring.chain;

/**
 * What a request has to do with the cache of responses, where there is one.
 *
 * @since 0.1.0
 */
public enum CacheMode {

	/**
	 * Take the answer that an equal request got, or the one that it is about to get, and
	 * keep a new one.
	 */
	DEFAULT,

	/**
	 * Neither take an answer nor keep one.
	 */
	BYPASS,

	/**
	 * Ask anew and keep the answer in place of an older one. An equal request that is
	 * under way is as new as can be, and is shared.
	 */
	REFRESH

}
