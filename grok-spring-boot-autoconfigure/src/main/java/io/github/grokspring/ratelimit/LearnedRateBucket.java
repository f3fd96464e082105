package io.github.grokspring.ratelimit;

import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.TimeSource;

/**
 * Rate whose limit is learned from the headers and rejections of xAI. Guarded by the lock
 * of {@link RateLimiter}.
 * <p>
 * Headers may also raise what is available above the local count, because xAI counts only
 * approximately. The limit that a rejection names is reliable: it takes precedence until
 * headers report another limit, or until it has not been confirmed for ten minutes.
 */
final class LearnedRateBucket extends RateBucket {

	private static final long MAX_AGE = TimeUnit.MINUTES.toNanos(10);

	private long headerLimit;

	private long rejectionLimit;

	private long rejectedAt;

	private long loweredAt;

	LearnedRateBucket(LimitType type, TimeSource time) {
		super(type, time);
		this.rejectedAt = time.nanoTime();
		this.loweredAt = this.rejectedAt;
	}

	@Override
	boolean isLearned() {
		return true;
	}

	/**
	 * Applies the limit and the remaining amount of response headers.
	 * @param limit the limit, or 0 if the headers have none
	 * @param remaining the remaining amount, negative if the headers have none
	 * @param uncounted amount taken by requests that the headers may not count: those
	 * sent later, and those in flight
	 * @param sentAt when the request was sent
	 * @param now the time
	 * @return whether the limit is higher than in earlier headers
	 */
	boolean updateFromHeaders(long limit, long remaining, long uncounted, long sentAt, long now) {
		if (limit <= 0) {
			return false;
		}
		boolean raised = this.headerLimit > 0 && limit > this.headerLimit;
		if (limit != this.headerLimit && sentAt - this.rejectedAt > 0) {
			this.rejectionLimit = 0;
		}
		this.headerLimit = limit;
		apply();
		if (remaining >= 0) {
			adjust(Math.min(remaining, limit), uncounted, sentAt, now);
		}
		return raised;
	}

	/**
	 * Applies the limit that a rejection names, with the remaining cooldown in
	 * nanoseconds.
	 */
	void updateFromRejection(long limit, long cooldown, long now) {
		if (limit > 0) {
			this.rejectionLimit = limit;
			this.rejectedAt = now;
			apply();
			Rate rate = rate();
			Long available = available();
			if (rate != null && available != null) {
				take(Math.max(0, available + withheld(rate, cooldown)));
			}
		}
	}

	// Whether xAI accepts requests after the cooldown is unknown. A single request probes
	// it; everything refilled meanwhile could be rejected together.
	private long withheld(Rate rate, long cooldown) {
		return (type() != LimitType.TOKENS_PER_MINUTE) ? Math.max(0, rate.refilledIn(cooldown) - 1) : 0;
	}

	void forgetRejections() {
		if (this.rejectionLimit > 0) {
			this.rejectionLimit = 0;
			apply();
		}
	}

	void forgetOldRejections(long now) {
		if (now - this.rejectedAt > MAX_AGE) {
			forgetRejections();
		}
	}

	private void apply() {
		long limit = (this.rejectionLimit > 0) ? this.rejectionLimit : this.headerLimit;
		limitTo((limit > 0) ? limit : null);
	}

	private void adjust(long remaining, long uncounted, long sentAt, long now) {
		Rate rate = rate();
		Long available = available();
		if (rate == null || available == null) {
			return;
		}
		// The headers may be as old as the request, and some has been refilled since
		long max = remaining + rate.refilledIn(now - sentAt);
		if (available > max) {
			take(available - max);
			this.loweredAt = now;
		}
		else if (this.rejectionLimit == 0 && sentAt - this.loweredAt >= 0) {
			refund(remaining - uncounted - available);
		}
	}

	@Override
	public String toString() {
		return "xAI's limit of " + amount() + " " + type().displayName();
	}

}
