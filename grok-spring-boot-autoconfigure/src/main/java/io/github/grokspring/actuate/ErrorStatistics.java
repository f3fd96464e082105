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
 * Remembers of every kind of failure how often attempts ended with it, of every reason of
 * this application how often it refused calls, and when that was last the case. Safe for
 * use by several threads.
 *
 * @since 0.1.0
 */
public final class ErrorStatistics implements GrokEventListener {

	private static final Set<String> KINDS = Stream.of(ErrorKind.values())
		.map((kind) -> kind.name().toLowerCase(Locale.ROOT))
		.collect(Collectors.toUnmodifiableSet());

	private final InstantSource clock;

	// As many as there are kinds and reasons
	private final Map<String, Last> failures = new HashMap<>();

	/**
	 * Start a journal.
	 * @param clock tells when a failure happened
	 */
	public ErrorStatistics(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished finished) {
			if (KINDS.contains(finished.outcome())) {
				failed(finished.outcome(), finished.client(), finished.model());
			}
		}
		// Others have been counted as attempts
		else if (event instanceof CallRejected refused && !KINDS.contains(refused.reason())) {
			failed(refused.reason(), refused.client(), refused.model());
		}
	}

	private void failed(String kind, String client, String model) {
		Last last = new Last(1, this.clock.instant(), client, model);
		synchronized (this.failures) {
			this.failures.merge(kind, last, Last::after);
		}
	}

	/**
	 * What failed.
	 * @return a snapshot, the latest failure first
	 */
	List<GrokDescriptor.Failure> read() {
		synchronized (this.failures) {
			return this.failures.entrySet()
				.stream()
				.map((entry) -> entry.getValue().shown(entry.getKey()))
				.sorted(Comparator.comparing(GrokDescriptor.Failure::lastAt).reversed())
				.toList();
		}
	}

	private record Last(long count, Instant at, String client, String model) {

		Last after(Last next) {
			return new Last(this.count + next.count, next.at, next.client, next.model);
		}

		GrokDescriptor.Failure shown(String kind) {
			return new GrokDescriptor.Failure(kind, this.count, this.at, this.client, this.model);
		}

	}

}
