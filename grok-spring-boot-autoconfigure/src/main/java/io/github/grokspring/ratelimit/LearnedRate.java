package io.github.grokspring.ratelimit;

import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * What xAI has told of one rate of a model: in the headers of answers, and in the
 * sentence with which it refuses a request. Guarded by the lock of {@link RateLimiter}.
 * <p>
 * Headers are followed both ways: what they say is left may be more than was counted
 * here, because xAI counts approximately and forgets. A refusal proves the limit that it
 * names. It is then counted here, until headers tell another limit or it has not been
 * heard of for a while.
 */
final class LearnedRate {

	private static final long MEMORY = TimeUnit.MINUTES.toNanos(10);

	private final OptionalRate limited;

	private long told;

	private long proven;

	private long provenAt;

	private long loweredAt;

	LearnedRate(OptionalRate limited, long now) {
		this.limited = limited;
		this.provenAt = now;
		this.loweredAt = now;
	}

	OptionalRate limited() {
		return this.limited;
	}

	/**
	 * Take note of what headers say.
	 * @param limit what is allowed, 0 when they do not tell
	 * @param left what is left of it, negative when they do not tell
	 * @param uncounted what was taken by requests that they may not count: those that
	 * were sent later, and those under way
	 * @param sentAt when the request was sent
	 * @param now the time
	 * @return whether more is allowed than when they last told
	 */
	boolean updateFromHeaders(long limit, long left, long uncounted, long sentAt, long now) {
		if (limit <= 0) {
			return false;
		}
		boolean grown = this.told > 0 && limit > this.told;
		if (limit != this.told && sentAt - this.provenAt > 0) {
			this.proven = 0;
		}
		this.told = limit;
		apply();
		if (left >= 0) {
			level(Math.min(left, limit), uncounted, sentAt, now);
		}
		return grown;
	}

	/**
	 * Take note of a refusal.
	 * @param limit what is allowed
	 * @param pause for how long nothing is sent, in nanoseconds
	 * @param now the time
	 */
	void updateFromRejection(long limit, long pause, long now) {
		if (limit > 0) {
			this.proven = limit;
			this.provenAt = now;
			apply();
			Rate rate = this.limited.rate();
			RateBucket bucket = this.limited.bucket();
			if (rate != null && bucket != null) {
				bucket.take(Math.max(0, bucket.left() + unneeded(rate, pause)));
			}
		}
	}

	// Nobody knows if xAI lets requests pass when the pause is over. One that finds out
	// is
	// enough; all that came back meanwhile would be refused together.
	private long unneeded(Rate rate, long pause) {
		return (this.limited.name().limit() == LimitType.REQUESTS) ? Math.max(0, rate.comingBackIn(pause) - 1) : 0;
	}

	/**
	 * No longer rely on refusals of the past.
	 */
	void forget() {
		if (this.proven > 0) {
			this.proven = 0;
			apply();
		}
	}

	void forgetWhatIsOld(long now) {
		if (now - this.provenAt > MEMORY) {
			forget();
		}
	}

	@Nullable Long amount() {
		return this.limited.amount();
	}

	private void apply() {
		long limit = (this.proven > 0) ? this.proven : this.told;
		this.limited.limitTo((limit > 0) ? limit : null);
	}

	private void level(long left, long uncounted, long sentAt, long now) {
		Rate rate = this.limited.rate();
		RateBucket bucket = this.limited.bucket();
		if (rate == null || bucket == null) {
			return;
		}
		long known = bucket.left();
		// The headers may be as old as the request; some has come back since.
		long most = left + rate.comingBackIn(now - sentAt);
		if (known > most) {
			bucket.take(known - most);
			this.loweredAt = now;
		}
		else if (this.proven == 0 && sentAt - this.loweredAt >= 0) {
			bucket.giveBack(Math.max(0, left - uncounted - known));
		}
	}

}
