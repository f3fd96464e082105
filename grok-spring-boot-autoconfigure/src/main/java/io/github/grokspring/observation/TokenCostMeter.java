package io.github.grokspring.observation;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

import io.github.grokspring.catalog.BoundedModelNames;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import org.jspecify.annotations.Nullable;

/**
 * Records attempts, tokens and costs in a {@link MeterRegistry}. Each meter is looked up
 * in the registry only once, so that recording does not allocate. Thread-safe.
 *
 * @since 0.1.0
 */
public final class TokenCostMeter implements GrokEventListener {

	private static final int MAX_TOOLS = 100;

	private static final int MAX_OUTCOMES = 100;

	private static final String REPORTED = "reported";

	/** Suffix of counts of items that a search fetched, which are not tool calls. */
	private static final String FETCHED_SUFFIX = "_fetched";

	private final MeterRegistry registry;

	private final BoundedModelNames models;

	private final TagValueLimiter tools = new TagValueLimiter(MAX_TOOLS);

	private final TagValueLimiter outcomes = new TagValueLimiter(MAX_OUTCOMES);

	private final Map<String, ClientMeters> clients = new ConcurrentHashMap<>();

	private final Map<String, Drift> drifts = new ConcurrentHashMap<>();

	private final Function<String, ClientMeters> newClient = ClientMeters::new;

	private final Function<String, Drift> newDrift = this::drift;

	/**
	 * Creates meters for the models of the bundled catalog.
	 * @param registry the registry
	 */
	public TokenCostMeter(MeterRegistry registry) {
		this(registry, ModelCatalog.bundled());
	}

	/**
	 * Creates meters.
	 * @param registry the registry
	 * @param catalog the models whose names are always used as tags; of other models, the
	 * first hundred names are used
	 */
	public TokenCostMeter(MeterRegistry registry, ModelCatalog catalog) {
		this.registry = registry;
		this.models = new BoundedModelNames(catalog);
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof CostRecorded recorded) {
			if (!recorded.isCached()) {
				record(recorded);
			}
		}
		else if (event instanceof AttemptFinished finished) {
			ModelMeters meters = client(finished.client()).model(this.models.of(finished.model()));
			meters.requests(finished.api(), this.outcomes.limit(finished.outcome())).record(finished.duration());
			if (finished.timeToFirstToken() != null) {
				meters.timeToFirstToken().record(finished.timeToFirstToken());
			}
		}
	}

	private void record(CostRecorded recorded) {
		ClientMeters client = client(recorded.client());
		String name = this.models.of(recorded.model());
		ModelMeters model = client.model(name);
		model.tokens().record(recorded);
		model.cost(recorded.source()).increment(Ticks.toApproximateUsd(recorded.ticks()));
		if (recorded.cacheSavedTicks() > 0) {
			client.savedByPromptCache().increment(Ticks.toApproximateUsd(recorded.cacheSavedTicks()));
		}
		if (recorded.tableTicks() > 0 && REPORTED.equals(recorded.source())) {
			this.drifts.computeIfAbsent(name, this.newDrift).record(recorded.ticks(), recorded.tableTicks());
		}
		if (!recorded.serverToolCalls().isEmpty()) {
			recorded.serverToolCalls().forEach((tool, calls) -> {
				if (!tool.endsWith(FETCHED_SUFFIX)) {
					client.tool(this.tools.limit(tool)).increment(calls);
				}
			});
		}
	}

	private ClientMeters client(String client) {
		return this.clients.computeIfAbsent(client, this.newClient);
	}

	private Counter counter(GrokMeter meter, String... values) {
		return Counter.builder(meter.id())
			.description(meter.description())
			.baseUnit(meter.baseUnit())
			.tags(meter.withValues(values))
			.register(this.registry);
	}

	private Timer timer(GrokMeter meter, String... values) {
		return Timer.builder(meter.id())
			.description(meter.description())
			.tags(meter.withValues(values))
			.register(this.registry);
	}

	private Drift drift(String model) {
		DistributionSummary percent = DistributionSummary.builder(GrokMeter.COST_DRIFT.id())
			.description(GrokMeter.COST_DRIFT.description())
			.baseUnit(GrokMeter.COST_DRIFT.baseUnit())
			.tags(GrokMeter.COST_DRIFT.withValues(model))
			.register(this.registry);
		LongAdder balance = new LongAdder();
		Gauge.builder(GrokMeter.COST_DRIFT_BALANCE.id(), balance, (ticks) -> Ticks.toApproximateUsd(ticks.sum()))
			.description(GrokMeter.COST_DRIFT_BALANCE.description())
			.baseUnit(GrokMeter.COST_DRIFT_BALANCE.baseUnit())
			.tags(GrokMeter.COST_DRIFT_BALANCE.withValues(model))
			.strongReference(true)
			.register(this.registry);
		return new Drift(percent, balance);
	}

	private final class ClientMeters {

		private final Map<String, ModelMeters> models = new ConcurrentHashMap<>();

		private final Map<String, Counter> tools = new ConcurrentHashMap<>();

		private final String client;

		private volatile @Nullable Counter saved;

		private ClientMeters(String client) {
			this.client = client;
		}

		private ModelMeters model(String model) {
			ModelMeters known = this.models.get(model);
			return (known != null) ? known
					: this.models.computeIfAbsent(model, (name) -> new ModelMeters(this.client, name));
		}

		private Counter tool(String tool) {
			return this.tools.computeIfAbsent(tool, (name) -> counter(GrokMeter.TOOL_CALLS, this.client, name));
		}

		private Counter savedByPromptCache() {
			Counter counter = this.saved;
			if (counter == null) {
				counter = counter(GrokMeter.CACHE_SAVED, this.client, "prompt-cache");
				this.saved = counter;
			}
			return counter;
		}

	}

	private final class ModelMeters {

		private final Map<String, Map<String, Timer>> requests = new ConcurrentHashMap<>();

		private final Map<String, Counter> costs = new ConcurrentHashMap<>();

		private final String client;

		private final String model;

		private volatile @Nullable TokenCounters tokens;

		private volatile @Nullable Timer firstToken;

		private ModelMeters(String client, String model) {
			this.client = client;
			this.model = model;
		}

		private Timer requests(String api, String outcome) {
			Map<String, Timer> outcomes = this.requests.get(api);
			Timer timer = (outcomes != null) ? outcomes.get(outcome) : null;
			return (timer != null) ? timer : this.requests.computeIfAbsent(api, (name) -> new ConcurrentHashMap<>())
				.computeIfAbsent(outcome, (name) -> timer(GrokMeter.REQUESTS, this.client, this.model, api, name));
		}

		private Timer timeToFirstToken() {
			Timer timer = this.firstToken;
			if (timer == null) {
				timer = timer(GrokMeter.TIME_TO_FIRST_TOKEN, this.client, this.model);
				this.firstToken = timer;
			}
			return timer;
		}

		private Counter cost(String source) {
			Counter counter = this.costs.get(source);
			return (counter != null) ? counter : this.costs.computeIfAbsent(source,
					(name) -> counter(GrokMeter.COST, this.client, this.model, name));
		}

		private TokenCounters tokens() {
			TokenCounters counters = this.tokens;
			if (counters == null) {
				counters = new TokenCounters(tokens("input"), tokens("cached_input"), tokens("output"),
						tokens("reasoning"));
				this.tokens = counters;
			}
			return counters;
		}

		private Counter tokens(String type) {
			return counter(GrokMeter.TOKENS, this.client, this.model, type);
		}

	}

	/**
	 * Difference between reported and calculated costs. The summary has no sign, because
	 * Micrometer drops negative values; the balance has one.
	 */
	private record Drift(DistributionSummary percent, LongAdder balance) {

		void record(long reported, long table) {
			this.percent.record(100.0 * Math.abs(reported - table) / table);
			this.balance.add(reported - table);
		}

	}

	private record TokenCounters(Counter input, Counter cachedInput, Counter output, Counter reasoning) {

		void record(CostRecorded recorded) {
			this.input.increment((double) recorded.inputTokens() + recorded.imageInputTokens());
			this.cachedInput.increment(recorded.cachedInputTokens());
			this.output.increment(recorded.outputTokens());
			this.reasoning.increment(recorded.reasoningTokens());
		}

	}

}
