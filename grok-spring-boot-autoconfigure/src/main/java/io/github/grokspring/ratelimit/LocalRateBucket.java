package io.github.grokspring.ratelimit;

import java.util.concurrent.CompletableFuture;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.BucketConfiguration;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.TimeMeter;
import io.github.bucket4j.TokensInheritanceStrategy;
import io.github.grokspring.chain.TimeSource;

/**
 * A rate that is kept in this process. It comes back continuously, not all at once when a
 * minute is over.
 */
final class LocalRateBucket implements RateBucket {

	private static final CompletableFuture<Long> TAKEN = CompletableFuture.completedFuture(0L);

	private final Bucket bucket;

	private volatile long burst;

	LocalRateBucket(Rate rate, TimeSource timing) {
		this.bucket = Bucket.builder()
			.addLimit(bandwidth(rate))
			.withCustomTimePrecision(new TimingMeter(timing))
			.build();
		this.burst = rate.burst();
	}

	@Override
	public CompletableFuture<Long> tryTake(long amount) {
		ConsumptionProbe probe = this.bucket.tryConsumeAndReturnRemaining(amount);
		return probe.isConsumed() ? TAKEN
				: CompletableFuture.completedFuture(Math.max(1, probe.getNanosToWaitForRefill()));
	}

	@Override
	public void take(long amount) {
		long bearable = Math.min(amount, left() + this.burst);
		if (bearable > 0) {
			this.bucket.consumeIgnoringRateLimits(bearable);
		}
	}

	@Override
	public void giveBack(long amount) {
		if (amount > 0) {
			this.bucket.addTokens(amount);
		}
	}

	@Override
	public void replace(Rate rate) {
		this.burst = rate.burst();
		this.bucket.replaceConfiguration(BucketConfiguration.builder().addLimit(bandwidth(rate)).build(),
				TokensInheritanceStrategy.ADDITIVE);
	}

	@Override
	public long left() {
		return this.bucket.getAvailableTokens();
	}

	private static Bandwidth bandwidth(Rate rate) {
		return Bandwidth.builder().capacity(rate.burst()).refillGreedy(rate.amount(), rate.period()).build();
	}

	/**
	 * Our time in the terms of Bucket4j.
	 */
	private record TimingMeter(TimeSource timing) implements TimeMeter {

		@Override
		public long currentTimeNanos() {
			return this.timing.nanoTime();
		}

		@Override
		public boolean isWallClockBased() {
			return false;
		}

	}

}
