package io.github.grokspring.test;

/**
 * An amount that {@link XaiServer} allows of something; what follows says of what. Limits
 * hold for each model by itself, over the last second or minute, and beside one another.
 *
 * @since 0.1.0
 */
public final class Allowance {

	private final XaiServer server;

	private final RateWindows windows;

	private final long amount;

	Allowance(XaiServer server, RateWindows windows, long amount) {
		if (amount < 1) {
			throw new IllegalArgumentException("The server must allow at least 1, not " + amount);
		}
		this.server = server;
		this.windows = windows;
		this.amount = amount;
	}

	/**
	 * Refuses more requests than that within a second. No header tells of it.
	 * @return the server
	 */
	public XaiServer requestsPerSecond() {
		return limit(RateWindows.Limit.REQUESTS_PER_SECOND);
	}

	/**
	 * Refuses more requests than that within a minute.
	 * @return the server
	 */
	public XaiServer requestsPerMinute() {
		return limit(RateWindows.Limit.REQUESTS_PER_MINUTE);
	}

	/**
	 * Refuses requests as soon as that many tokens were used within a minute.
	 * @return the server
	 */
	public XaiServer tokensPerMinute() {
		return limit(RateWindows.Limit.TOKENS_PER_MINUTE);
	}

	private XaiServer limit(RateWindows.Limit limit) {
		this.windows.allow(limit, this.amount);
		return this.server;
	}

}
