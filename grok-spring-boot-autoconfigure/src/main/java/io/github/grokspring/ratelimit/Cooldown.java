package io.github.grokspring.ratelimit;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * Time without requests to a model after xAI rejected one for its rate. Lasts as long as
 * {@code Retry-After} asks for, otherwise until the reported excess is refilled; it
 * doubles with each consecutive rejection. Guarded by the lock of {@link RateLimiter}.
 */
final class Cooldown {

	private static final Duration MIN = Duration.ofSeconds(1);

	private static final Duration MAX = Duration.ofSeconds(15);

	// After this time, a request has to check whether xAI still rejects it
	private static final Duration MAX_RETRY_AFTER = Duration.ofMinutes(5);

	private static final int MAX_DOUBLINGS = 6;

	private LimitType limit = LimitType.REQUESTS_PER_MINUTE;

	private boolean started;

	private long startedAt;

	private long endsAt;

	private int rejections;

	void start(GrokApiException rejection, @Nullable LimitType type, long sentAt, long now) {
		// Rejections of requests that were in flight together count once
		if (!this.started || sentAt - this.startedAt > 0) {
			this.rejections++;
			this.startedAt = now;
		}
		long end = now + duration(rejection, type).toNanos();
		if (!this.started || end - this.endsAt > 0) {
			this.endsAt = end;
			this.limit = (type != null) ? type : LimitType.REQUESTS_PER_MINUTE;
		}
		this.started = true;
	}

	void onSuccess(long sentAt) {
		if (this.started && sentAt - this.startedAt > 0) {
			this.rejections = 0;
		}
	}

	long remaining(long now) {
		return this.started ? Math.max(0, this.endsAt - now) : 0;
	}

	LimitType limit() {
		return this.limit;
	}

	private Duration duration(GrokApiException rejection, @Nullable LimitType type) {
		Duration retryAfter = rejection.retryAfter();
		if (retryAfter != null && retryAfter.compareTo(Duration.ZERO) > 0) {
			return min(retryAfter, MAX_RETRY_AFTER);
		}
		return min(refillTime(rejection.limit(), type).multipliedBy(1L << Math.min(this.rejections - 1, MAX_DOUBLINGS)),
				MAX);
	}

	private static Duration refillTime(@Nullable ReachedLimit reached, @Nullable LimitType type) {
		if (reached == null || type == null || reached.limit() <= 0) {
			return MIN;
		}
		long excess = Math.min(reached.actual() - reached.limit(), reached.limit());
		Duration time = (excess > 0) ? type.rate(reached.limit()).refillTime(excess) : MIN;
		return (time.compareTo(MIN) > 0) ? time : MIN;
	}

	private static Duration min(Duration one, Duration other) {
		return (one.compareTo(other) < 0) ? one : other;
	}

}
