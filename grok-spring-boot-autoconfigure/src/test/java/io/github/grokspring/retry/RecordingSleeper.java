package io.github.grokspring.retry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.Sleeper;
import reactor.core.publisher.Mono;

/**
 * {@link Sleeper} that records delays and returns at once.
 */
final class RecordingSleeper implements Sleeper {

	private final List<Duration> delays = new CopyOnWriteArrayList<>();

	@Override
	public void sleep(Duration duration) {
		this.delays.add(duration);
	}

	@Override
	public Mono<Void> delay(Duration duration) {
		return Mono.fromRunnable(() -> this.delays.add(duration));
	}

	List<Duration> delays() {
		return this.delays;
	}

}
