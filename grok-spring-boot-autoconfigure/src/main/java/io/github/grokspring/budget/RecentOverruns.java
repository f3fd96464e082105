package io.github.grokspring.budget;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * Costs of recent calls that exceeded their reservations, by model. Thread-safe.
 */
final class RecentOverruns {

	private static final Duration RECENT = Duration.ofHours(1);

	/**
	 * Model names come from requests and are not bounded otherwise.
	 */
	private static final int MAX_MODELS = 1000;

	private final ConcurrentMap<String, Overrun> overruns = new ConcurrentHashMap<>();

	/**
	 * Records an overrun.
	 * @param model the id of the model
	 * @param ticks the cost of the call
	 * @param now the current time
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
	 * Returns the largest recent overrun.
	 * @param model the id of the model
	 * @param now the current time
	 * @return the cost of that call, 0 if there was none
	 */
	long largest(String model, Instant now) {
		Overrun overshoot = this.overruns.get(model);
		return (overshoot != null && overshoot.isRecent(now)) ? overshoot.ticks() : 0;
	}

	private record Overrun(long ticks, Instant at) {

		boolean isRecent(Instant now) {
			return Duration.between(this.at, now).abs().compareTo(RECENT) < 0;
		}

	}

}
