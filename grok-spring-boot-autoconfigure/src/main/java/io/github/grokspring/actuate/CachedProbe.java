package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * {@link Probe} that caches results and shares a running probe between all subscribers. A
 * cancelled subscriber does not cancel the shared probe.
 */
final class CachedProbe implements Probe {

	private static final Duration MAX_PROBLEM_AGE = Duration.ofSeconds(5);

	private final Probe probe;

	private final Duration timeToLive;

	private final Clock clock;

	private final AtomicReference<@Nullable ProbeRun> last = new AtomicReference<>();

	CachedProbe(Probe probe, Duration timeToLive, Clock clock) {
		this.probe = probe;
		this.timeToLive = timeToLive;
		this.clock = clock;
	}

	@Override
	public Mono<ProbeResult> probe() {
		return Mono.defer(() -> {
			ProbeRun run = this.last.get();
			while (run == null || run.isExpired()) {
				ProbeRun next = new ProbeRun();
				run = this.last.compareAndSet(run, next) ? next : this.last.get();
			}
			return run.result;
		});
	}

	private Duration timeToLive(ProbeResult result) {
		boolean failed = result.problem() != null;
		return (failed && this.timeToLive.compareTo(MAX_PROBLEM_AGE) > 0) ? MAX_PROBLEM_AGE : this.timeToLive;
	}

	/**
	 * A running or completed probe.
	 */
	private final class ProbeRun {

		private final Mono<ProbeResult> result;

		private volatile @Nullable Validity validity;

		private ProbeRun() {
			this.result = CachedProbe.this.probe.probe()
				.doOnNext(this::onResult)
				.doOnTerminate(this::onTerminate)
				.cache();
		}

		// Without a result, the run expires at once
		private void onTerminate() {
			if (this.validity == null) {
				Instant now = CachedProbe.this.clock.instant();
				this.validity = new Validity(now, now);
			}
		}

		private void onResult(ProbeResult result) {
			Instant now = CachedProbe.this.clock.instant();
			this.validity = new Validity(now, now.plus(timeToLive(result)));
		}

		private boolean isExpired() {
			Validity validity = this.validity;
			return validity != null && !validity.includes(CachedProbe.this.clock.instant());
		}

	}

	/**
	 * Period in which a result is valid. The start is checked as well, so that a result
	 * expires if the clock is set back.
	 */
	private record Validity(Instant from, Instant until) {

		private boolean includes(Instant now) {
			return !now.isBefore(this.from) && now.isBefore(this.until);
		}

	}

}
