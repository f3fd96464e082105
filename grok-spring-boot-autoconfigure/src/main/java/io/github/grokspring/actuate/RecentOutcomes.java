package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * A probe that sends nothing and tells what the calls of the application came to last.
 * <p>
 * What is wrong with a request says nothing about xAI, and a rate limit only that it is
 * there. A failure that may pass is believed for a while: an application that got no
 * traffic because of it would never learn that it is over. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class RecentOutcomes implements Probe, GrokEventListener {

	// Names of models come from requests, and so may be anything.
	private static final int MOST_MODELS = 100;

	private static final String SUCCESS = "success";

	private static final Map<String, ErrorKind> TELLING = Stream
		.of(ErrorKind.INVALID_API_KEY, ErrorKind.MISSING_API_KEY, ErrorKind.INSUFFICIENT_CREDITS,
				ErrorKind.PERMISSION_DENIED, ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED, ErrorKind.TIMEOUT,
				ErrorKind.CONNECTION, ErrorKind.STREAM_BROKEN)
		.collect(Collectors.toUnmodifiableMap((kind) -> kind.name().toLowerCase(Locale.ROOT), (kind) -> kind));

	private static final String NO_MODEL = ErrorKind.MODEL_NOT_FOUND.name().toLowerCase(Locale.ROOT);

	private final Duration timeToLive;

	private final Clock clock;

	private final Set<String> refused = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Outcome last;

	/**
	 * Create a probe that has seen nothing yet.
	 * @param timeToLive how long a failure is believed that may pass
	 * @param clock tells the time
	 */
	public RecentOutcomes(Duration timeToLive, Clock clock) {
		this.timeToLive = timeToLive;
		this.clock = clock;
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished attempt) {
			if (attempt.outcome().equals(SUCCESS)) {
				this.last = new Outcome(this.clock.instant(), null);
				this.refused.remove(attempt.model());
			}
			else if (attempt.outcome().equals(NO_MODEL)) {
				if (this.refused.size() < MOST_MODELS) {
					this.refused.add(attempt.model());
				}
			}
			else {
				ErrorKind kind = TELLING.get(attempt.outcome());
				if (kind != null) {
					this.last = new Outcome(this.clock.instant(), kind);
				}
			}
		}
	}

	@Override
	public Mono<ProbeResult> probe() {
		return Mono.fromSupplier(() -> result().refusing(this.refused));
	}

	private ProbeResult result() {
		Outcome last = this.last;
		if (last == null) {
			return ProbeResult.unknown();
		}
		ErrorKind kind = last.failure();
		if (kind == null) {
			return ProbeResult.usable(last.at(), null);
		}
		Instant now = this.clock.instant();
		// A clock that was set back must not keep an old failure alive.
		boolean recent = !now.isBefore(last.at()) && now.isBefore(last.at().plus(this.timeToLive));
		if (kind.isRetryable() && !recent) {
			return ProbeResult.unknown();
		}
		return ProbeResult.failed(last.at(), null, ProblemMessages.of(kind, 0));
	}

	/**
	 * What a call came to.
	 *
	 * @param at when
	 * @param failure why it failed, {@code null} if it did not
	 */
	private record Outcome(Instant at, @Nullable ErrorKind failure) {

	}

}
