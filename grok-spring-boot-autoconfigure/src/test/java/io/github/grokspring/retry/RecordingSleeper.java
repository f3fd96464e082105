package io.github.grokspring.retry;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.Sleeper;
import reactor.core.publisher.Mono;

/**
 * Takes note of waits and lets nobody wait.
 */
final class RecordingSleeper implements Sleeper {

	private final List<Duration> waits = new CopyOnWriteArrayList<>();

	@Override
	public void sleep(Duration duration) {
		this.waits.add(duration);
	}

	@Override
	public Mono<Void> delay(Duration duration) {
		return Mono.fromRunnable(() -> this.waits.add(duration));
	}

	List<Duration> all() {
		return this.waits;
	}

}
