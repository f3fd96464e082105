package io.github.grokspring.connection;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import io.netty.util.concurrent.DefaultEventExecutorGroup;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DeadlineTimer}.
 */
class DeadlineTimerTests {

	private final DefaultEventExecutorGroup timer = new DefaultEventExecutorGroup(1);

	@AfterEach
	void stop() {
		this.timer.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	@Test
	void failureInExpireDoesNotAffectOthers() throws Exception {
		DeadlineTimer deadlines = new DeadlineTimer(this.timer);
		long due = DeadlineTimer.now() + Duration.ofMillis(50).toNanos();
		CountDownLatch expired = new CountDownLatch(20);
		for (int i = 0; i < 20; i++) {
			deadlines.add(new Failing(due, expired));
		}
		assertThat(expired.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(deadlines.size()).isZero();
	}

	private record Failing(long deadline, CountDownLatch expired) implements DeadlineTimer.Timed {

		@Override
		public void expire(long now) {
			this.expired.countDown();
			throw new IllegalStateException("subscriber fails");
		}

		@Override
		public void close() {
			throw new AssertionError("nobody closes");
		}

		@Override
		public boolean equals(Object other) {
			return this == other;
		}

		@Override
		public int hashCode() {
			return System.identityHashCode(this);
		}

	}

}
