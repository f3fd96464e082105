package io.github.grokspring.chain;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

import reactor.core.publisher.Mono;

/**
 * The time of this JVM.
 */
enum SystemTime implements TimeSource, Sleeper {

	INSTANCE;

	private static final long ORIGIN = System.nanoTime();

	private final Clock clock = Clock.systemUTC();

	@Override
	public Instant instant() {
		return this.clock.instant();
	}

	@Override
	public long nanoTime() {
		return System.nanoTime() - ORIGIN;
	}

	@Override
	public void sleep(Duration duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
	}

	// Subscribers may block after the delay, which Reactor's timer threads must not.
	@Override
	public Mono<Void> delay(Duration duration) {
		return Mono.delay(duration).then(Mono.<Void>empty().subscribeOn(StreamScheduler.scheduler()));
	}

}
