package io.github.grokspring.observation;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.grokspring.catalog.BoundedModelNames;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ModelRedirected;
import io.github.grokspring.event.OutputStopped;
import io.github.grokspring.event.ParametersScrubbed;
import io.github.grokspring.event.PromptRedacted;
import io.github.grokspring.event.RateLimitWaited;
import io.github.grokspring.event.ResponseCacheAccessed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;

/**
 * Counts events in a {@link MeterRegistry}. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class EventMeters implements GrokEventListener {

	private static final int MOST = 100;

	private final MeterRegistry registry;

	private final Map<Tagged, Counter> counters = new ConcurrentHashMap<>();

	private final BoundedModelNames models;

	private final TagValueLimiter kinds = new TagValueLimiter(MOST);

	private final TagValueLimiter parameters = new TagValueLimiter(MOST);

	private final TagValueLimiter reasons = new TagValueLimiter(MOST);

	/**
	 * Count in a registry.
	 * @param registry the registry
	 */
	public EventMeters(MeterRegistry registry) {
		this(registry, ModelCatalog.bundled());
	}

	/**
	 * Create meters.
	 * @param registry the registry
	 * @param catalog the models whose names are always told apart; of others a hundred
	 * are
	 */
	public EventMeters(MeterRegistry registry, ModelCatalog catalog) {
		this.registry = registry;
		this.models = new BoundedModelNames(catalog);
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof ParametersScrubbed scrubbed) {
			String model = this.models.of(scrubbed.model());
			for (String parameter : scrubbed.parameters()) {
				counter(GrokMeter.PARAMETERS_SCRUBBED, model, this.parameters.of(parameter)).increment();
			}
		}
		else if (event instanceof ModelRedirected redirected) {
			counter(GrokMeter.MODEL_REDIRECTED, this.models.of(redirected.requested()),
					this.models.of(redirected.served()))
				.increment();
		}
		else if (event instanceof AttemptFailed failed && failed.delay() != null) {
			counter(GrokMeter.RETRIES, failed.client(), this.models.of(failed.model()),
					this.reasons.of(failed.reason()))
				.increment();
		}
		else if (event instanceof FallbackTaken taken) {
			counter(GrokMeter.FALLBACKS, this.models.of(taken.from()), this.models.of(taken.to()),
					this.reasons.of(taken.reason()))
				.increment();
		}
		else if (event instanceof RateLimitWaited awaited) {
			timer(GrokMeter.RATE_LIMIT_WAIT, awaited.client(), awaited.limit()).record(awaited.waited());
		}
		else if (event instanceof ResponseCacheAccessed asked) {
			counter(GrokMeter.CACHE_REQUESTS, asked.client(), asked.result()).increment();
			if (asked.savedTicks() > 0) {
				counter(GrokMeter.CACHE_SAVED, asked.client(), "response-cache")
					.increment(Ticks.toApproximateUsd(asked.savedTicks()));
			}
		}
		else if (event instanceof CallRejected refused) {
			counter(GrokMeter.REJECTED, refused.client(), this.models.of(refused.model()),
					this.reasons.of(refused.reason()))
				.increment();
		}
		else if (event instanceof OutputStopped stopped) {
			counter(GrokMeter.OUTPUT_STOPPED, stopped.client(), this.models.of(stopped.model()), stopped.reason())
				.increment();
		}
		else if (event instanceof PromptRedacted redacted) {
			counter(GrokMeter.REDACTION_REPLACED, this.kinds.of(redacted.kind())).increment(redacted.count());
		}
	}

	private Counter counter(GrokMeter meter, String... values) {
		return this.counters.computeIfAbsent(new Tagged(meter, List.of(values)),
				(tagged) -> Counter.builder(meter.id())
					.description(meter.description())
					.baseUnit(meter.baseUnit())
					.tags(meter.tagged(values))
					.register(this.registry));
	}

	private Timer timer(GrokMeter meter, String... values) {
		return Timer.builder(meter.id())
			.description(meter.description())
			.tags(meter.tagged(values))
			.register(this.registry);
	}

	/**
	 * What tells one counter from another.
	 *
	 * @param meter the meter
	 * @param values the values of its tags, in the order of the keys
	 */
	private record Tagged(GrokMeter meter, List<String> values) {

	}

}
