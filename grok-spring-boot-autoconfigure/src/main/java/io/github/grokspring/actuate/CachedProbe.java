package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks a probe once for everybody, and again when what it found is no longer fresh.
 */
final class CachedProbe implements Probe {

	private final Probe probe;

	private final Duration timeToLive;

	private final Clock clock;

	private final AtomicReference<@Nullable Asked> last = new AtomicReference<>();

	CachedProbe(Probe probe, Duration timeToLive, Clock clock) {
		this.probe = probe;
		this.timeToLive = timeToLive;
		this.clock = clock;
	}

	@Override
	public Mono<ProbeResult> ask() {
		return Mono.defer(() -> {
			Asked asked = this.last.get();
			while (asked == null || asked.isStale()) {
				Asked again = new Asked();
				if (this.last.compareAndSet(asked, again)) {
					asked = again;
				}
				else {
					asked = this.last.get();
				}
			}
			return asked.result;
		});
	}

	/**
	 * One time that the probe was asked, perhaps not yet answered.
	 */
	private final class Asked {

		private final Mono<ProbeResult> result;

		private volatile @Nullable Instant answered;

		private Asked() {
			this.result = CachedProbe.this.probe.ask()
				.doOnTerminate(() -> this.answered = CachedProbe.this.clock.instant())
				.cache();
		}

		private boolean isStale() {
			Instant at = this.answered;
			return at != null && !CachedProbe.this.clock.instant().isBefore(at.plus(CachedProbe.this.timeToLive));
		}

	}

}
