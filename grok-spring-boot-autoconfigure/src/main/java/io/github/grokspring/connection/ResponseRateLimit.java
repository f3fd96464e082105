package io.github.grokspring.connection;

import java.time.Duration;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * The rate limits that xAI told in the headers of an answer. A limit that it left out is
 * 0, as in Spring AI's {@code EmptyRateLimit}; where it told a limit but not what is left
 * of it, that is -1. xAI never says when limits reset, which {@link Duration#ZERO} would
 * claim to be now.
 */
record ResponseRateLimit(ApiHeaders.RateLimits limits) implements RateLimit {

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
