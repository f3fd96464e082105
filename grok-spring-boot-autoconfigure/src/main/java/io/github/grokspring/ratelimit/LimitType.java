package io.github.grokspring.ratelimit;

import java.util.Locale;

/**
 * What a request may have to wait for.
 */
enum LimitType {

	REQUESTS, TOKENS, CONCURRENCY;

	/**
	 * The limit as events, meters and exceptions call it.
	 */
	String label() {
		return name().toLowerCase(Locale.ROOT);
	}

}
