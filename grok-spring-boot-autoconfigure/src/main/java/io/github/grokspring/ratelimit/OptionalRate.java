package io.github.grokspring.ratelimit;

import org.jspecify.annotations.Nullable;

/**
 * A rate of a model that may have a limit. Guarded by the lock of {@link RateLimiter}.
 */
final class OptionalRate {

	private final RateType name;

	private final String key;

	private final boolean learned;

	private final RateStore store;

	private @Nullable Rate rate;

	private @Nullable RateBucket bucket;

	OptionalRate(RateType name, String model, boolean learned, RateStore store) {
		this.name = name;
		this.key = model + (learned ? ":learned:" : ":") + name.words();
		this.learned = learned;
		this.store = store;
	}

	RateType name() {
		return this.name;
	}

	/**
	 * Whether it is a limit of xAI, rather than of this application.
	 */
	boolean isLearned() {
		return this.learned;
	}

	/**
	 * Set the limit.
	 * @param amount how much is allowed, {@code null} for no limit
	 */
	void limitTo(@Nullable Long amount) {
		limitTo((amount != null) ? this.name.rate(amount) : null);
	}

	/**
	 * Set the limit.
	 * @param limit how much is allowed, {@code null} for no limit
	 */
	void limitTo(@Nullable Rate limit) {
		Rate newRate = (limit != null && limit.amount() < Rate.UNLIMITED) ? limit : null;
		if (newRate == null) {
			this.bucket = null;
		}
		else if (this.bucket == null) {
			this.bucket = this.store.bucket(this.key, newRate);
		}
		else if (!newRate.equals(this.rate)) {
			this.bucket.replace(newRate);
		}
		this.rate = newRate;
	}

	@Nullable Rate rate() {
		return this.rate;
	}

	@Nullable RateBucket bucket() {
		return this.bucket;
	}

	@Nullable Long amount() {
		return (this.rate != null) ? this.rate.amount() : null;
	}

	/**
	 * What a request is to take.
	 * @param tokens the tokens that the request is expected to use
	 * @return what to take from the bucket, {@code null} when there is no limit
	 */
	@Nullable RateReservation reserve(long tokens) {
		if (this.rate == null || this.bucket == null) {
			return null;
		}
		long amount = (this.name.limit() == LimitType.TOKENS) ? tokens : 1;
		// What is more than a minute's worth may go when the minute is all there.
		return new RateReservation(this, this.rate, this.bucket, Math.min(amount, this.rate.burst()));
	}

	@Override
	public String toString() {
		return this.learned ? "xAI's limit of " + amount() + " " + this.name.words()
				: "'" + this.name.property() + "' (" + amount() + ")";
	}

}
