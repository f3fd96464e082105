package io.github.grokspring.ratelimit;

import java.time.Duration;

import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * The time during which nothing is sent to a model, because xAI has refused a request for
 * its rate. Guarded by the lock of {@link RateLimiter}.
 */
final class Cooldown {

	private static final Duration SHORTEST = Duration.ofSeconds(1);

	/** Longer ones are for xAI to ask for; what is learned of the limit does the rest. */
	private static final Duration LONGEST = Duration.ofSeconds(15);

	/** After it somebody has to look whether xAI still means it. */
	private static final Duration LONGEST_ASKED_FOR = Duration.ofMinutes(5);

	private static final int MOST_DOUBLINGS = 6;

	private LimitType limit = LimitType.REQUESTS;

	private boolean begun;

	private long begin;

	private long end;

	private int refusals;

	/**
	 * Take note of a refusal.
	 * @param refusal what xAI said
	 * @param name which rate was reached, if that is known
	 * @param sentAt when the request was sent
	 * @param now the time
	 */
	void refused(GrokApiException refusal, @Nullable RateType name, long sentAt, long now) {
		// Refusals of requests that were sent together are one.
		if (!this.begun || sentAt - this.begin > 0) {
			this.refusals++;
			this.begin = now;
		}
		long until = now + length(refusal, name).toNanos();
		if (!this.begun || until - this.end > 0) {
			this.end = until;
			this.limit = (name != null) ? name.limit() : LimitType.REQUESTS;
		}
		this.begun = true;
	}

	/**
	 * Take note of an answer.
	 * @param sentAt when its request was sent
	 */
	void answered(long sentAt) {
		if (this.begun && sentAt - this.begin > 0) {
			this.refusals = 0;
		}
	}

	/**
	 * How long the pause still is.
	 * @param now the time
	 * @return nanoseconds, 0 when there is none
	 */
	long left(long now) {
		return this.begun ? Math.max(0, this.end - now) : 0;
	}

	LimitType limit() {
		return this.limit;
	}

	private Duration length(GrokApiException refusal, @Nullable RateType name) {
		Duration asked = refusal.retryAfter();
		if (asked != null && asked.compareTo(Duration.ZERO) > 0) {
			return (asked.compareTo(LONGEST_ASKED_FOR) < 0) ? asked : LONGEST_ASKED_FOR;
		}
		Duration length = untilThereIsRoom(refusal.limit(), name)
			.multipliedBy(1L << Math.min(this.refusals - 1, MOST_DOUBLINGS));
		return (length.compareTo(LONGEST) < 0) ? length : LONGEST;
	}

	private static Duration untilThereIsRoom(@Nullable ReachedLimit reached, @Nullable RateType name) {
		if (reached == null || name == null || reached.limit() <= 0) {
			return SHORTEST;
		}
		long tooMuch = Math.min(reached.actual() - reached.limit(), reached.limit());
		Duration room = (tooMuch > 0) ? name.rate(reached.limit()).timeOf(tooMuch) : SHORTEST;
		return (room.compareTo(SHORTEST) > 0) ? room : SHORTEST;
	}

}
