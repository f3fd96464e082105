package io.github.grokspring.ratelimit;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RateBucket}.
 */
class RateBucketTests {

	private final VirtualTime time = new VirtualTime();

	private final RateBucket bucket = new RateBucket(LimitType.TOKENS_PER_MINUTE, this.time);

	@Test
	void startsFullAndIsRefilledContinuously() {
		this.bucket.limitTo(60L);
		assertThat(tryTake(60)).isZero();
		assertThat(tryTake(1)).isEqualTo(1_000_000_000L);
		this.time.advance(Duration.ofSeconds(10));
		assertThat(this.bucket.available()).isEqualTo(10);
		assertThat(tryTake(40)).isEqualTo(30_000_000_000L);
		assertThat(this.bucket.available()).isEqualTo(10);
		this.time.advance(Duration.ofHours(1));
		assertThat(this.bucket.available()).isEqualTo(60);
	}

	@Test
	void availableAmountStaysBetweenMinusOneBurstAndTheBurst() {
		this.bucket.limitTo(60L);
		this.bucket.refund(10);
		assertThat(this.bucket.available()).isEqualTo(60);
		this.bucket.take(1_000);
		assertThat(this.bucket.available()).isEqualTo(-60);
		this.bucket.take(1_000);
		assertThat(this.bucket.available()).isEqualTo(-60);
	}

	@Test
	void higherRateAddsTheDifferenceAndLowerRateCuts() {
		this.bucket.limitTo(60L);
		this.bucket.take(50);
		this.bucket.limitTo(100L);
		assertThat(this.bucket.available()).isEqualTo(50);
		this.bucket.limitTo(20L);
		assertThat(this.bucket.available()).isEqualTo(20);
		this.time.advance(Duration.ofMinutes(5));
		assertThat(this.bucket.available()).isEqualTo(20);
	}

	@Test
	void highestLimitedRateWorks() {
		this.bucket.limitTo(Rate.UNLIMITED - 1);
		assertThat(tryTake(Rate.UNLIMITED - 1)).isZero();
		assertThat(tryTake(1)).isPositive();
		this.bucket.limitTo(Rate.UNLIMITED);
		assertThat(this.bucket.available()).isNull();
	}

	@Test
	void reservationOfARemovedLimitIsNotGivenBack() {
		this.bucket.limitTo(60L);
		RateBucket.Reservation reservation = this.bucket.reservation(40);
		assertThat(reservation.tryTake()).isZero();
		this.bucket.limitTo((Long) null);
		this.bucket.limitTo(60L);
		this.bucket.take(50);
		reservation.giveBack();
		assertThat(this.bucket.available()).isEqualTo(10);
	}

	private long tryTake(long amount) {
		return this.bucket.reservation(amount).tryTake();
	}

}
