package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Remembers for a while what the calls of a model have cost that cost more than they had
 * reserved. Safe for use by several threads.
 */
final class RecentOverruns {

	private static final Duration RECENT = Duration.ofHours(1);

	/** Names of models come from requests, and so may be anything. */
	private static final int MAX_MODELS = 1000;

	private final ConcurrentMap<String, Overrun> overruns = new ConcurrentHashMap<>();

	/**
	 * A call has cost more than it had reserved.
	 * @param model the id of its model
	 * @param ticks what it cost
	 * @param now the time
	 */
	void record(String model, long ticks, Instant now) {
		if (this.overruns.size() >= MAX_MODELS) {
			this.overruns.values().removeIf((old) -> !old.isRecent(now));
		}
		if (this.overruns.size() < MAX_MODELS || this.overruns.containsKey(model)) {
			this.overruns.merge(model, new Overrun(ticks, now),
					(old, fresh) -> (old.isRecent(now) && old.ticks() > fresh.ticks()) ? old : fresh);
		}
	}

	/**
	 * The most that a call has lately cost which had reserved less.
	 * @param model the id of its model
	 * @param now the time
	 * @return the amount, 0 when there was none
	 */
	long largest(String model, Instant now) {
		Overrun overshoot = this.overruns.get(model);
		return (overshoot != null && overshoot.isRecent(now)) ? overshoot.ticks() : 0;
	}

	/**
	 * What a call has cost.
	 *
	 * @param ticks the amount
	 * @param at when it had ended
	 */
	private record Overrun(long ticks, Instant at) {

		boolean isRecent(Instant now) {
			return Duration.between(this.at, now).abs().compareTo(RECENT) < 0;
		}

	}

}
