package io.github.grokspring.ratelimit;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.grokspring.chain.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * Token bucket of one rate of a model, which is unlimited at first. Guarded by the lock
 * of {@link RateLimiter}.
 */
class RateBucket {

	private final LimitType type;

	private final TimeMeter meter;

	private @Nullable Rate rate;

	private @Nullable Bucket bucket;

	RateBucket(LimitType type, TimeSource time) {
		this.type = type;
		this.meter = new MonotonicMeter(time);
	}

	LimitType type() {
		return this.type;
	}

	boolean isLearned() {
		return false;
	}

	void limitTo(@Nullable Long amount) {
		limitTo((amount != null) ? this.type.rate(amount) : null);
	}

	/**
	 * Changes the rate. A higher rate adds the difference to what is available.
	 * @param newRate the rate, or {@code null} for no limit
	 */
	void limitTo(@Nullable Rate newRate) {
		Rate limit = (newRate != null && newRate.amount() < Rate.UNLIMITED) ? newRate : null;
		if (limit == null) {
			this.bucket = null;
		}
		else if (this.bucket == null) {
			this.bucket = Bucket.builder().addLimit(bandwidth(limit)).withCustomTimePrecision(this.meter).build();
		}
		else if (!limit.equals(this.rate)) {
			this.bucket.replaceConfiguration(BucketConfiguration.builder().addLimit(bandwidth(limit)).build(),
					TokensInheritanceStrategy.ADDITIVE);
		}
		this.rate = limit;
	}

	private static Bandwidth bandwidth(Rate rate) {
		return Bandwidth.builder().capacity(rate.burst()).refillGreedy(rate.amount(), rate.period()).build();
	}

	@Nullable Rate rate() {
		return this.rate;
	}

	@Nullable Long amount() {
		return (this.rate != null) ? this.rate.amount() : null;
	}

	/**
	 * Returns the available amount, negative if more was used than allowed, or
	 * {@code null} if there is no limit.
	 */
	@Nullable Long available() {
		return (this.bucket != null) ? this.bucket.getAvailableTokens() : null;
	}

	/**
	 * Prepares taking what a request needs. A request that needs more than the burst
	 * takes the whole burst.
	 * @param tokens the estimated tokens of the request
	 * @return the reservation, or {@code null} if there is no limit
	 */
	@Nullable Reservation reservation(long tokens) {
		if (this.rate == null || this.bucket == null) {
			return null;
		}
		long amount = (this.type == LimitType.TOKENS_PER_MINUTE) ? tokens : 1;
		return new Reservation(this, this.bucket, Math.min(amount, this.rate.burst()));
	}

	/**
	 * Takes what has already been used, even if it is not available. The debt is limited
	 * to one burst, because xAI also forgets usage after a minute.
	 */
	void take(long amount) {
		if (this.bucket != null && this.rate != null) {
			long bounded = Math.min(amount, this.bucket.getAvailableTokens() + this.rate.burst());
			if (bounded > 0) {
				this.bucket.consumeIgnoringRateLimits(bounded);
			}
		}
	}

	void refund(long amount) {
		if (this.bucket != null && amount > 0) {
			this.bucket.addTokens(amount);
		}
	}

	@Override
	public String toString() {
		return "'" + this.type.property() + "' (" + amount() + ")";
	}

	/**
	 * Amount that one request takes.
	 *
	 * @param owner where it is taken
	 * @param bucket identifies the limit, which may be removed and set again meanwhile
	 * @param amount the amount
	 */
	record Reservation(RateBucket owner, Bucket bucket, long amount) {

		/**
		 * Takes the amount if it is available.
		 * @return 0 if it was taken, otherwise the nanoseconds until it is available
		 */
		long tryTake() {
			ConsumptionProbe probe = this.bucket.tryConsumeAndReturnRemaining(this.amount);
			return probe.isConsumed() ? 0 : Math.max(1, probe.getNanosToWaitForRefill());
		}

		void giveBack() {
			correct(0);
		}

		void correct(long used) {
			if (this.owner.bucket != this.bucket) {
				return;
			}
			if (used > this.amount) {
				this.owner.take(used - this.amount);
			}
			else {
				this.owner.refund(this.amount - used);
			}
		}

	}

	private record MonotonicMeter(TimeSource time) implements TimeMeter {

		@Override
		public long currentTimeNanos() {
			return this.time.nanoTime();
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
