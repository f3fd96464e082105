package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Asks a probe once for everybody, and again when what it found is no longer fresh. Who
 * gives up waiting does not end it for the others.
 */
final class CachedProbe implements Probe {

	private static final Duration TROUBLE = Duration.ofSeconds(5);

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
	public Mono<ProbeResult> probe() {
		return Mono.defer(() -> {
			Asked asked = this.last.get();
			while (asked == null || asked.isStale()) {
				Asked again = new Asked();
				asked = this.last.compareAndSet(asked, again) ? again : this.last.get();
			}
			return asked.result;
		});
	}

	private Duration freshness(ProbeResult result) {
		boolean trouble = result.problem() != null;
		return (trouble && this.timeToLive.compareTo(TROUBLE) > 0) ? TROUBLE : this.timeToLive;
	}

	/**
	 * One time that the probe was asked, perhaps not yet answered.
	 */
	private final class Asked {

		private final Mono<ProbeResult> result;

		private volatile @Nullable Freshness freshness;

		private Asked() {
			this.result = CachedProbe.this.probe.probe().doOnNext(this::answered).doOnTerminate(this::ended).cache();
		}

		// Without a result there is nothing that could be fresh.
		private void ended() {
			if (this.freshness == null) {
				Instant now = CachedProbe.this.clock.instant();
				this.freshness = new Freshness(now, now);
			}
		}

		private void answered(ProbeResult result) {
			Instant now = CachedProbe.this.clock.instant();
			this.freshness = new Freshness(now, now.plus(freshness(result)));
		}

		private boolean isStale() {
			Freshness freshness = this.freshness;
			return freshness != null && !freshness.includes(CachedProbe.this.clock.instant());
		}

	}

	/**
	 * From when to when something is fresh. A clock that was put back makes it stale,
	 * lest it stays fresh for as long as that.
	 *
	 * @param from the beginning
	 * @param until the end
	 */
	private record Freshness(Instant from, Instant until) {

		private boolean includes(Instant now) {
			return !now.isBefore(this.from) && now.isBefore(this.until);
		}

	}

}
