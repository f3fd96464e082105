package io.github.grokspring.retry;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.StreamScheduler;
import reactor.core.publisher.Mono;

/**
 * Time that passes.
 */
record SystemSleeper() implements Sleeper {

	@Override
	public void sleep(Duration duration) throws InterruptedException {
		TimeUnit.NANOSECONDS.sleep(duration.toNanos());
	}

	// What is subscribed to after the wait may block, which a thread of the timer may
	// not.
	@Override
	public Mono<Void> delay(Duration duration) {
		return Mono.delay(duration).then(Mono.<Void>empty().subscribeOn(StreamScheduler.scheduler()));
	}

}
