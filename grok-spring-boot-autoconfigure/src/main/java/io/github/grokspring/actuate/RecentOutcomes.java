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
 * {@link Probe} that sends no requests and uses the outcome of the last call of the
 * application instead.
 * <p>
 * Ignores failures caused by the request itself and rate limits. Transient failures
 * expire, because an application that receives no traffic while it is down would never
 * recover. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RecentOutcomes implements Probe, GrokEventListener {

	private static final int MAX_MODELS = 100;

	private static final String SUCCESS = "success";

	private static final Map<String, ErrorKind> CONCLUSIVE = Stream
		.of(ErrorKind.INVALID_API_KEY, ErrorKind.MISSING_API_KEY, ErrorKind.INSUFFICIENT_CREDITS,
				ErrorKind.PERMISSION_DENIED, ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED, ErrorKind.TIMEOUT,
				ErrorKind.CONNECTION, ErrorKind.STREAM_BROKEN)
		.collect(Collectors.toUnmodifiableMap((kind) -> kind.name().toLowerCase(Locale.ROOT), (kind) -> kind));

	private static final String MODEL_NOT_FOUND = ErrorKind.MODEL_NOT_FOUND.name().toLowerCase(Locale.ROOT);

	private final Duration timeToLive;

	private final Clock clock;

	private final Set<String> rejectedModels = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Outcome last;

	/**
	 * Creates a probe.
	 * @param timeToLive the time after which transient failures expire
	 * @param clock the clock
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
				this.rejectedModels.remove(attempt.model());
			}
			else if (attempt.outcome().equals(MODEL_NOT_FOUND)) {
				if (this.rejectedModels.size() < MAX_MODELS) {
					this.rejectedModels.add(attempt.model());
				}
			}
			else {
				ErrorKind kind = CONCLUSIVE.get(attempt.outcome());
				if (kind != null) {
					this.last = new Outcome(this.clock.instant(), kind);
				}
			}
		}
	}

	@Override
	public Mono<ProbeResult> probe() {
		return Mono.fromSupplier(() -> result().withRejectedModels(this.rejectedModels));
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
		// Also expires if the clock was set back
		boolean recent = !now.isBefore(last.at()) && now.isBefore(last.at().plus(this.timeToLive));
		if (kind.isRetryable() && !recent) {
			return ProbeResult.unknown();
		}
		return ProbeResult.failed(last.at(), null, ProblemMessages.of(kind, 0));
	}

	private record Outcome(Instant at, @Nullable ErrorKind failure) {

	}

}
