package io.github.grokspring.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;

/**
 * Counts failed attempts by kind and rejected calls by reason, with the time of the last
 * one. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ErrorStatistics implements GrokEventListener {

	private static final Set<String> KINDS = Stream.of(ErrorKind.values())
		.map((kind) -> kind.name().toLowerCase(Locale.ROOT))
		.collect(Collectors.toUnmodifiableSet());

	private final InstantSource clock;

	private final Map<String, FailureCount> failures = new HashMap<>();

	/**
	 * Creates empty statistics.
	 * @param clock the clock
	 */
	public ErrorStatistics(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished finished) {
			if (KINDS.contains(finished.outcome())) {
				record(finished.outcome(), finished.client(), finished.model());
			}
		}
		// Rejections with a kind of failure are already counted as attempts
		else if (event instanceof CallRejected rejected && !KINDS.contains(rejected.reason())) {
			record(rejected.reason(), rejected.client(), rejected.model());
		}
	}

	private void record(String kind, String client, String model) {
		FailureCount last = new FailureCount(1, this.clock.instant(), client, model);
		synchronized (this.failures) {
			this.failures.merge(kind, last, FailureCount::add);
		}
	}

	/**
	 * Returns a snapshot, the latest failure first.
	 */
	List<GrokDescriptor.Failure> snapshot() {
		synchronized (this.failures) {
			return this.failures.entrySet()
				.stream()
				.map((entry) -> entry.getValue().describe(entry.getKey()))
				.sorted(Comparator.comparing(GrokDescriptor.Failure::lastAt).reversed())
				.toList();
		}
	}

	private record FailureCount(long count, Instant at, String client, String model) {

		FailureCount add(FailureCount next) {
			return new FailureCount(this.count + next.count, next.at, next.client, next.model);
		}

		GrokDescriptor.Failure describe(String kind) {
			return new GrokDescriptor.Failure(kind, this.count, this.at, this.client, this.model);
		}

	}

}
