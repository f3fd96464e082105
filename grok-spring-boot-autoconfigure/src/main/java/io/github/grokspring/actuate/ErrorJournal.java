package io.github.grokspring.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Remembers of every kind of failure how often attempts ended with it, and when one did
 * last. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class ErrorJournal implements GrokEventListener {

	private final InstantSource clock;

	private final Map<ErrorKind, Last> failures = new EnumMap<>(ErrorKind.class);

	/**
	 * Start a journal.
	 * @param clock tells when a failure happened
	 */
	public ErrorJournal(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished finished) {
			ErrorKind kind = kind(finished.outcome());
			if (kind != null) {
				Last last = new Last(1, this.clock.instant(), finished.client(), finished.model());
				synchronized (this.failures) {
					this.failures.merge(kind, last, Last::after);
				}
			}
		}
	}

	private static @Nullable ErrorKind kind(String outcome) {
		for (ErrorKind kind : ErrorKind.values()) {
			if (kind.name().equalsIgnoreCase(outcome)) {
				return kind;
			}
		}
		return null;
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

		GrokDescriptor.Failure shown(ErrorKind kind) {
			return new GrokDescriptor.Failure(kind.name().toLowerCase(Locale.ROOT), this.count, this.at, this.client,
					this.model);
		}

	}

}
