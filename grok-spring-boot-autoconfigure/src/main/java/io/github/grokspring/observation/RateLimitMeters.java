package io.github.grokspring.observation;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;

import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.ModelRateLimits;
import io.github.grokspring.ratelimit.RateLimitStatus;
import io.github.grokspring.ratelimit.RateLimits;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;

/**
 * Shows in a {@link MeterRegistry} how much room there is below the limits of an
 * application, if it has any. The gauges of a model appear when it was first asked; they
 * are no number as long as it has no limit that is known. Models that come after the
 * first hundred have none. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RateLimitMeters implements GrokEventListener {

	private static final int MOST_MODELS = 100;

	/** All gauges of one reading shall show the same moment. */
	private static final Duration FRESH = Duration.ofSeconds(1);

	private final MeterRegistry registry;

	private final RateLimits limits;

	private final InstantSource clock;

	private final Set<String> asked = ConcurrentHashMap.newKeySet();

	private final Set<String> shown = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Reading reading;

	/**
	 * Show limits in a registry.
	 * @param registry the registry
	 * @param limits the limits
	 * @param clock tells when a reading is out of date
	 */
	public RateLimitMeters(MeterRegistry registry, RateLimits limits, InstantSource clock) {
		this.registry = registry;
		this.limits = limits;
		this.clock = clock;
		if (limits.isActive()) {
			requests(GrokMeter.CONCURRENCY_ACTIVE, RateLimitStatus::active);
			requests(GrokMeter.CONCURRENCY_QUEUED, RateLimitStatus::queued);
		}
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished finished && !this.asked.contains(finished.model())
				&& this.asked.size() < MOST_MODELS && this.asked.add(finished.model())) {
			// Not a reading: this request is still under way.
			show(this.limits.status().models());
		}
	}

	private void requests(GrokMeter meter, ToIntFunction<RateLimitStatus> number) {
		Gauge.builder(meter.id(), this, (meters) -> number.applyAsInt(meters.latest().status()))
			.description(meter.description())
			.register(this.registry);
	}

	private void remaining(String model, String limit, Function<ModelRateLimits, @Nullable Long> amount) {
		GrokMeter meter = GrokMeter.RATE_LIMIT_REMAINING;
		Gauge.builder(meter.id(), this, (meters) -> {
			ModelRateLimits rates = meters.latest().models().get(model);
			Long left = (rates != null) ? amount.apply(rates) : null;
			return (left != null) ? left : Double.NaN;
		}).description(meter.description()).tags(meter.tagged(model, limit)).register(this.registry);
	}

	private Reading latest() {
		Instant now = this.clock.instant();
		Reading last = this.reading;
		// A clock that was set back must not keep an old reading alive.
		return (last != null && !now.isBefore(last.at()) && Duration.between(last.at(), now).compareTo(FRESH) < 0)
				? last : read(now);
	}

	private Reading read(Instant now) {
		Reading fresh = Reading.of(now, this.limits.status());
		this.reading = fresh;
		show(fresh.status().models());
		return fresh;
	}

	private void show(List<ModelRateLimits> models) {
		for (ModelRateLimits rates : models) {
			String model = rates.model();
			// A few more than the limit may get in at once, which does no harm.
			if (!this.shown.contains(model) && this.shown.size() < MOST_MODELS && this.shown.add(model)) {
				remaining(model, "requests", ModelRateLimits::remainingRequests);
				remaining(model, "tokens", ModelRateLimits::remainingTokens);
			}
		}
	}

	/**
	 * How much room there was.
	 *
	 * @param at when
	 * @param status how much
	 * @param models how much for each model
	 */
	private record Reading(Instant at, RateLimitStatus status, Map<String, ModelRateLimits> models) {

		static Reading of(Instant at, RateLimitStatus status) {
			return new Reading(at, status,
					status.models().stream().collect(Collectors.toMap(ModelRateLimits::model, Function.identity())));
		}

	}

}
