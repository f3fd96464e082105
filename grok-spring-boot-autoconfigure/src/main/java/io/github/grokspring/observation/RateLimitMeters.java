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
 * Publishes gauges of rate limits to a {@link MeterRegistry}, if there are any limits.
 * The gauges of a model are registered with its first request and are {@code NaN} while
 * no limit is known. Only the first 100 models have gauges. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RateLimitMeters implements GrokEventListener {

	private static final int MAX_MODELS = 100;

	/** Gauges that are read together share one snapshot. */
	private static final Duration MAX_AGE = Duration.ofSeconds(1);

	private final MeterRegistry registry;

	private final RateLimits limits;

	private final InstantSource clock;

	private final Set<String> requestedModels = ConcurrentHashMap.newKeySet();

	private final Set<String> registeredModels = ConcurrentHashMap.newKeySet();

	private volatile @Nullable Snapshot snapshot;

	/**
	 * Creates the gauges.
	 * @param registry the registry
	 * @param limits the limits
	 * @param clock the clock that determines the age of a snapshot
	 */
	public RateLimitMeters(MeterRegistry registry, RateLimits limits, InstantSource clock) {
		this.registry = registry;
		this.limits = limits;
		this.clock = clock;
		if (limits.isActive()) {
			registerRequests(GrokMeter.CONCURRENCY_ACTIVE, RateLimitStatus::active);
			registerRequests(GrokMeter.CONCURRENCY_QUEUED, RateLimitStatus::queued);
		}
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof AttemptFinished finished && !this.requestedModels.contains(finished.model())
				&& this.requestedModels.size() < MAX_MODELS && this.requestedModels.add(finished.model())) {
			// Does not cache the status, which still contains this request
			register(this.limits.status().models());
		}
	}

	private void registerRequests(GrokMeter meter, ToIntFunction<RateLimitStatus> number) {
		Gauge.builder(meter.id(), this, (meters) -> number.applyAsInt(meters.snapshot().status()))
			.description(meter.description())
			.register(this.registry);
	}

	private void registerRemaining(String model, String limit, Function<ModelRateLimits, @Nullable Long> amount) {
		GrokMeter meter = GrokMeter.RATE_LIMIT_REMAINING;
		Gauge.builder(meter.id(), this, (meters) -> {
			ModelRateLimits rates = meters.snapshot().models().get(model);
			Long left = (rates != null) ? amount.apply(rates) : null;
			return (left != null) ? left : Double.NaN;
		}).description(meter.description()).tags(meter.withValues(model, limit)).register(this.registry);
	}

	private Snapshot snapshot() {
		Instant now = this.clock.instant();
		Snapshot last = this.snapshot;
		// Also refreshes if the clock was set back
		return (last != null && !now.isBefore(last.at()) && Duration.between(last.at(), now).compareTo(MAX_AGE) < 0)
				? last : refresh(now);
	}

	private Snapshot refresh(Instant now) {
		Snapshot fresh = Snapshot.of(now, this.limits.status());
		this.snapshot = fresh;
		register(fresh.status().models());
		return fresh;
	}

	private void register(List<ModelRateLimits> models) {
		for (ModelRateLimits rates : models) {
			String model = rates.model();
			// Concurrent callers may exceed the limit slightly
			if (!this.registeredModels.contains(model) && this.registeredModels.size() < MAX_MODELS
					&& this.registeredModels.add(model)) {
				registerRemaining(model, "requests", ModelRateLimits::remainingRequests);
				registerRemaining(model, "tokens", ModelRateLimits::remainingTokens);
			}
		}
	}

	private record Snapshot(Instant at, RateLimitStatus status, Map<String, ModelRateLimits> models) {

		static Snapshot of(Instant at, RateLimitStatus status) {
			return new Snapshot(at, status,
					status.models().stream().collect(Collectors.toMap(ModelRateLimits::model, Function.identity())));
		}

	}

}
