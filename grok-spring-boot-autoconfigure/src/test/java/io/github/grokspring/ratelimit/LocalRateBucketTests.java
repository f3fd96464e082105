package io.github.grokspring.ratelimit;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LocalRateBucket}.
 */
class LocalRateBucketTests {

	private final VirtualTiming timing = new VirtualTiming();

	@Test
	void beginsFullAndComesBackContinuously() {
		LocalRateBucket bucket = new LocalRateBucket(Rate.perMinute(60), this.timing);
		assertThat(bucket.tryTake(60)).isCompletedWithValue(0L);
		assertThat(bucket.tryTake(1)).isCompletedWithValue(1_000_000_000L);
		this.timing.pass(Duration.ofSeconds(10));
		assertThat(bucket.left()).isEqualTo(10);
		assertThat(bucket.tryTake(40)).isCompletedWithValue(30_000_000_000L);
		assertThat(bucket.left()).isEqualTo(10);
		this.timing.pass(Duration.ofHours(1));
		assertThat(bucket.left()).isEqualTo(60);
	}

	@Test
	void isNeverFullerThanFullNorEmptierThanAMinute() {
		LocalRateBucket bucket = new LocalRateBucket(Rate.perMinute(60), this.timing);
		bucket.giveBack(10);
		assertThat(bucket.left()).isEqualTo(60);
		bucket.take(1_000);
		assertThat(bucket.left()).isEqualTo(-60);
		bucket.take(1_000);
		assertThat(bucket.left()).isEqualTo(-60);
	}

	@Test
	void aLargerRateAddsTheDifferenceAndASmallerOneCuts() {
		LocalRateBucket bucket = new LocalRateBucket(Rate.perMinute(60), this.timing);
		bucket.take(50);
		bucket.replace(Rate.perMinute(100));
		assertThat(bucket.left()).isEqualTo(50);
		bucket.replace(Rate.perMinute(20));
		assertThat(bucket.left()).isEqualTo(20);
		this.timing.pass(Duration.ofMinutes(5));
		assertThat(bucket.left()).isEqualTo(20);
	}

	@Test
	void theLargestRateThatIsKeptWorks() {
		LocalRateBucket bucket = new LocalRateBucket(Rate.perMinute(Rate.UNLIMITED - 1), this.timing);
		assertThat(bucket.tryTake(Rate.UNLIMITED - 1)).isCompletedWithValue(0L);
		assertThat(bucket.tryTake(1).join()).isPositive();
	}

}
