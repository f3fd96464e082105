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
 * Records events in a {@link MeterRegistry}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class EventMeters implements GrokEventListener {

	private static final int MAX_TAG_VALUES = 100;

	private final MeterRegistry registry;

	private final Map<MeterKey, Counter> counters = new ConcurrentHashMap<>();

	private final BoundedModelNames models;

	private final TagValueLimiter kinds = new TagValueLimiter(MAX_TAG_VALUES);

	private final TagValueLimiter parameters = new TagValueLimiter(MAX_TAG_VALUES);

	private final TagValueLimiter reasons = new TagValueLimiter(MAX_TAG_VALUES);

	/**
	 * Creates meters for the models of the bundled catalog.
	 * @param registry the registry
	 */
	public EventMeters(MeterRegistry registry) {
		this(registry, ModelCatalog.bundled());
	}

	/**
	 * Creates meters.
	 * @param registry the registry
	 * @param catalog the models whose names are always used as tags; of other models, the
	 * first hundred names are used
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
				counter(GrokMeter.PARAMETERS_SCRUBBED, model, this.parameters.limit(parameter)).increment();
			}
		}
		else if (event instanceof ModelRedirected redirected) {
			counter(GrokMeter.MODEL_REDIRECTED, this.models.of(redirected.requested()),
					this.models.of(redirected.served()))
				.increment();
		}
		else if (event instanceof AttemptFailed failed && failed.delay() != null) {
			counter(GrokMeter.RETRIES, failed.client(), this.models.of(failed.model()),
					this.reasons.limit(failed.reason()))
				.increment();
		}
		else if (event instanceof FallbackTaken taken) {
			counter(GrokMeter.FALLBACKS, this.models.of(taken.from()), this.models.of(taken.to()),
					this.reasons.limit(taken.reason()))
				.increment();
		}
		else if (event instanceof RateLimitWaited waited) {
			timer(GrokMeter.RATE_LIMIT_WAIT, waited.client(), waited.limit()).record(waited.waited());
		}
		else if (event instanceof ResponseCacheAccessed accessed) {
			counter(GrokMeter.CACHE_REQUESTS, accessed.client(), accessed.result()).increment();
			if (accessed.savedTicks() > 0) {
				counter(GrokMeter.CACHE_SAVED, accessed.client(), "response-cache")
					.increment(Ticks.toApproximateUsd(accessed.savedTicks()));
			}
		}
		else if (event instanceof CallRejected rejected) {
			counter(GrokMeter.REJECTED, rejected.client(), this.models.of(rejected.model()),
					this.reasons.limit(rejected.reason()))
				.increment();
		}
		else if (event instanceof OutputStopped stopped) {
			counter(GrokMeter.OUTPUT_STOPPED, stopped.client(), this.models.of(stopped.model()), stopped.reason())
				.increment();
		}
		else if (event instanceof PromptRedacted redacted) {
			counter(GrokMeter.REDACTION_REPLACED, this.kinds.limit(redacted.kind())).increment(redacted.count());
		}
	}

	private Counter counter(GrokMeter meter, String... values) {
		return this.counters.computeIfAbsent(new MeterKey(meter, List.of(values)),
				(tagged) -> Counter.builder(meter.id())
					.description(meter.description())
					.baseUnit(meter.baseUnit())
					.tags(meter.withValues(values))
					.register(this.registry));
	}

	private Timer timer(GrokMeter meter, String... values) {
		return Timer.builder(meter.id())
			.description(meter.description())
			.tags(meter.withValues(values))
			.register(this.registry);
	}

	private record MeterKey(GrokMeter meter, List<String> values) {

	}

}
