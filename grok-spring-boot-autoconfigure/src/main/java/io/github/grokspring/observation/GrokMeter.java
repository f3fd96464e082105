package io.github.grokspring.observation;

import java.util.List;

import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * The meters of this library. Tags have few values: never a prompt, a user or the id of a
 * request.
 *
 * @since 0.1.0
 */
public enum GrokMeter {

	/**
	 * Requests that were sent without parameters which their model refuses, counted once
	 * for each parameter.
	 */
	PARAMETERS_SCRUBBED("grok.client.parameters.scrubbed", Type.COUNTER,
			"Parameters left out or changed because the model refuses them", "model", "parameter"),

	/**
	 * Answers that came from another model than the one asked for.
	 */
	MODEL_REDIRECTED("grok.client.model.redirected", Type.COUNTER,
			"Answers given by another model than the one asked for", "requested", "served"),

	/**
	 * Calls that this application did not send.
	 */
	REJECTED("grok.client.rejected", Type.COUNTER, "Calls that this application did not send, or did not send again",
			"client", "model", "reason"),

	/**
	 * Responses that repeated themselves without end, or were too large.
	 */
	OUTPUT_STOPPED("grok.client.output.stopped", Type.COUNTER,
			"Responses that repeated themselves without end or were too large", "client", "model", "reason"),

	/**
	 * Attempts that failed and were followed by another one.
	 */
	RETRIES("grok.client.retries", Type.COUNTER, "Attempts that failed and were followed by another one", "client",
			"model", "reason"),

	/**
	 * Calls that went on with the next candidate.
	 */
	FALLBACKS("grok.client.fallbacks", Type.COUNTER, "Calls that went on with the next candidate because one failed",
			"from", "to", "reason"),

	/**
	 * Time that requests waited for a limit of this application.
	 */
	RATE_LIMIT_WAIT("grok.client.ratelimit.wait", Type.TIMER, "Time waited for a limit of this application", "client",
			"limit"),

	/**
	 * How much of a limit per minute a model has left.
	 */
	RATE_LIMIT_REMAINING("grok.client.ratelimit.remaining", Type.GAUGE,
			"Requests or tokens that could be sent to the model at once", "model", "limit"),

	/**
	 * Requests under way.
	 */
	CONCURRENCY_ACTIVE("grok.client.concurrency.active", Type.GAUGE, "Requests under way"),

	/**
	 * Requests that wait for a limit.
	 */
	CONCURRENCY_QUEUED("grok.client.concurrency.queued", Type.GAUGE,
			"Requests that wait for a limit of this application"),

	/**
	 * Attempts, by how they ended.
	 */
	REQUESTS("grok.client.requests", Type.TIMER, "Attempts, by the model that was asked and how they ended", "client",
			"model", "api", "outcome"),

	/**
	 * Time until a stream had content.
	 */
	TIME_TO_FIRST_TOKEN("grok.client.time.to.first.token", Type.TIMER, "Time until a stream had content", "client",
			"model"),

	/**
	 * Tokens that were billed, in types that have none in common.
	 */
	TOKENS("grok.client.tokens", Type.COUNTER, "Tokens that were billed, by the model that answered", "client", "model",
			"type"),

	/**
	 * Money spent.
	 */
	COST("grok.client.cost", Type.COUNTER, "Money spent, by the model that answered", "usd",
			List.of("client", "model", "source")),

	/**
	 * How far the reported cost is from the table of prices, in either direction.
	 */
	COST_DRIFT("grok.client.cost.drift", Type.DISTRIBUTION_SUMMARY,
			"Difference of the reported cost to the table of prices, in percent of the latter, without sign", "percent",
			List.of("model")),

	/**
	 * What xAI has reported above the table of prices; below it, the value is negative.
	 */
	COST_DRIFT_BALANCE("grok.client.cost.drift.balance", Type.GAUGE,
			"Reported cost less the cost by the table of prices, since the start", "usd", List.of("model")),

	/**
	 * Runs of xAI's own tools.
	 */
	TOOL_CALLS("grok.client.tools.calls", Type.COUNTER, "Runs of xAI's own tools", "client", "tool"),

	/**
	 * Requests that came to the cache of responses.
	 */
	CACHE_REQUESTS("grok.client.cache.requests", Type.COUNTER, "Requests that came to the cache of responses", "client",
			"result"),

	/**
	 * Money that a cache saved.
	 */
	CACHE_SAVED("grok.client.cache.saved", Type.COUNTER, "Money saved by a cache", "usd", List.of("client", "by")),

	/**
	 * How much a budget allows in a window.
	 */
	BUDGET_LIMIT("grok.budget.limit", Type.GAUGE, "Money that may be spent in the window", "usd",
			List.of("budget", "scope")),

	/**
	 * How much of a budget was spent.
	 */
	BUDGET_USED("grok.budget.used", Type.GAUGE, "Money spent in the current window", "usd", List.of("budget", "scope")),

	/**
	 * How much of a budget the calls under way may spend.
	 */
	BUDGET_RESERVED("grok.budget.reserved", Type.GAUGE, "Money that calls under way may spend", "usd",
			List.of("budget", "scope")),

	/**
	 * How much of a budget is neither spent nor reserved.
	 */
	BUDGET_REMAINING("grok.budget.remaining", Type.GAUGE, "Money neither spent nor reserved in the current window",
			"usd", List.of("budget", "scope")),

	/**
	 * Cost of calls that the budget store has not accepted yet.
	 */
	BUDGET_UNSETTLED("grok.budget.unsettled", Type.GAUGE, "Money spent that the budget store has not accepted yet",
			"usd", List.of()),

	/**
	 * Values that were taken out of requests.
	 */
	REDACTION_REPLACED("grok.redaction.replaced", Type.COUNTER, "Places of requests where a private value was replaced",
			"kind");

	private final String id;

	private final Type kind;

	private final String description;

	private final @Nullable String baseUnit;

	private final List<String> tags;

	GrokMeter(String id, Type kind, String description, String... tags) {
		this(id, kind, description, null, List.of(tags));
	}

	GrokMeter(String id, Type kind, String description, @Nullable String baseUnit, List<String> tags) {
		this.id = id;
		this.kind = kind;
		this.description = description;
		this.baseUnit = baseUnit;
		this.tags = tags;
	}

	/**
	 * The name of the meter.
	 * @return the name in Micrometer's spelling
	 */
	public String id() {
		return this.id;
	}

	/**
	 * What kind of meter it is.
	 * @return the kind
	 */
	public Type kind() {
		return this.kind;
	}

	/**
	 * What the meter tells.
	 * @return a phrase
	 */
	public String description() {
		return this.description;
	}

	/**
	 * The unit of its values.
	 * @return the unit, {@code null} for that of the kind of meter
	 */
	public @Nullable String baseUnit() {
		return this.baseUnit;
	}

	/**
	 * The keys of its tags.
	 * @return the keys, all of which every measurement has
	 */
	public List<String> tags() {
		return this.tags;
	}

	/**
	 * Its tags with values.
	 * @param values the values, in the order of the keys
	 * @return the tags
	 */
	Tags tagged(String... values) {
		String[] pairs = new String[2 * values.length];
		for (int i = 0; i < values.length; i++) {
			pairs[2 * i] = this.tags.get(i);
			pairs[2 * i + 1] = values[i];
		}
		return Tags.of(pairs);
	}

}
