package io.github.grokspring.test;

/**
 * Limit of requests or tokens of an {@link XaiServer}. Limits apply per model, over the
 * last second or minute, and can be combined.
 *
 * @since 0.1.0
 */
public final class Allowance {

	private final XaiServer server;

	private final RateLimitWindows windows;

	private final long amount;

	Allowance(XaiServer server, RateLimitWindows windows, long amount) {
		if (amount < 1) {
			throw new IllegalArgumentException("The limit must be at least 1, but is " + amount);
		}
		this.server = server;
		this.windows = windows;
		this.amount = amount;
	}

	/**
	 * Limits requests per second. Headers do not report this limit.
	 * @return the server
	 */
	public XaiServer requestsPerSecond() {
		return limit(RateLimitWindows.Limit.REQUESTS_PER_SECOND);
	}

	/**
	 * Limits requests per minute.
	 * @return the server
	 */
	public XaiServer requestsPerMinute() {
		return limit(RateLimitWindows.Limit.REQUESTS_PER_MINUTE);
	}

	/**
	 * Limits tokens per minute. Requests are rejected once the tokens are used up.
	 * @return the server
	 */
	public XaiServer tokensPerMinute() {
		return limit(RateLimitWindows.Limit.TOKENS_PER_MINUTE);
	}

	private XaiServer limit(RateLimitWindows.Limit limit) {
		this.windows.allow(limit, this.amount);
		return this.server;
	}

}
