package io.github.grokspring.connection;

import java.time.Duration;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * {@link RateLimit} of the headers of a response. An absent limit is 0, as in Spring AI's
 * {@code EmptyRateLimit}; the remainder of a known limit is -1 if absent. Reset times are
 * {@code null}, because xAI does not report them and {@link Duration#ZERO} would mean
 * now.
 */
record ResponseRateLimit(ResponseHeaders.RateLimits limits) implements RateLimit {

	@Override
	public Long getRequestsLimit() {
		return Math.max(0, this.limits.requestsLimit());
	}

	@Override
	public Long getRequestsRemaining() {
		return remaining(this.limits.requestsLimit(), this.limits.requestsRemaining());
	}

	@Override
	@SuppressWarnings("NullAway")
	public Duration getRequestsReset() {
		return null;
	}

	@Override
	public Long getTokensLimit() {
		return Math.max(0, this.limits.tokensLimit());
	}

	@Override
	public Long getTokensRemaining() {
		return remaining(this.limits.tokensLimit(), this.limits.tokensRemaining());
	}

	@Override
	@SuppressWarnings("NullAway")
	public Duration getTokensReset() {
		return null;
	}

	private static long remaining(long limit, long remaining) {
		return (remaining >= 0 || limit > 0) ? Math.max(-1, remaining) : 0;
	}

}
