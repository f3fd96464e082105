package io.github.grokspring.connection;

import java.time.Duration;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * The rate limits that xAI told in the headers of an answer. A limit that it left out is
 * 0, as in Spring AI's {@code EmptyRateLimit}; xAI never says when limits reset.
 */
record HeaderRateLimit(ApiHeaders.RateLimits limits) implements RateLimit {

	@Override
	public Long getRequestsLimit() {
		return Math.max(0, this.limits.requestsLimit());
	}

	@Override
	public Long getRequestsRemaining() {
		return Math.max(0, this.limits.requestsRemaining());
	}

	@Override
	public Duration getRequestsReset() {
		return Duration.ZERO;
	}

	@Override
	public Long getTokensLimit() {
		return Math.max(0, this.limits.tokensLimit());
	}

	@Override
	public Long getTokensRemaining() {
		return Math.max(0, this.limits.tokensRemaining());
	}

	@Override
	public Duration getTokensReset() {
		return Duration.ZERO;
	}

}
