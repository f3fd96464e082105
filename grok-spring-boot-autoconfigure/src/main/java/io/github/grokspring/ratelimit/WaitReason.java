package io.github.grokspring.ratelimit;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What keeps the requests to one model, and how long requests have been kept by what.
 * Guarded by the lock of {@link RateLimiter}.
 */
final class WaitReason {

	private final long[] kept = new long[LimitType.values().length];

	private @Nullable AcquireResult verdict;

	private @Nullable Disposable alarm;

	private long since;

	/**
	 * Begin to keep requests.
	 * @param verdict why
	 * @param now the time
	 * @param alarm rings when it is probably gone
	 */
	void set(AcquireResult verdict, long now, Disposable alarm) {
		this.verdict = verdict;
		this.since = now;
		this.alarm = alarm;
	}

	/**
	 * Keep requests no longer.
	 */
	void clear(long now) {
		AcquireResult old = this.verdict;
		if (old != null) {
			this.kept[old.limit().ordinal()] += now - this.since;
		}
		if (this.alarm != null) {
			this.alarm.dispose();
		}
		this.verdict = null;
		this.alarm = null;
	}

	@Nullable AcquireResult verdict() {
		return this.verdict;
	}

	/**
	 * How long requests have been kept in all.
	 * @param limit by what
	 * @param now the time
	 * @return nanoseconds
	 */
	long kept(LimitType limit, long now) {
		AcquireResult current = this.verdict;
		boolean goesOn = current != null && current.limit() == limit;
		return this.kept[limit.ordinal()] + (goesOn ? now - this.since : 0);
	}

	/**
	 * When it is probably gone.
	 */
	Duration left(long now) {
		return (this.verdict != null) ? Duration.ofNanos(Math.max(0, this.verdict.nanos() - (now - this.since)))
				: Duration.ZERO;
	}

}
