package io.github.grokspring.observation;

import java.util.List;

import io.micrometer.core.instrument.Meter.Type;
import io.micrometer.core.instrument.Tags;
import org.jspecify.annotations.Nullable;

/**
 * Meters of this library. Tags have low cardinality; they never contain prompts, users or
 * request IDs.
 *
 * @since 0.1.0
 */
public enum GrokMeter {

	/**
	 * Parameters removed or changed because the model does not support them.
	 */
	PARAMETERS_SCRUBBED("grok.client.parameters.scrubbed", Type.COUNTER,
			"Parameters removed or changed because the model does not support them", "model", "parameter"),

	/**
	 * Responses of another model than the requested one.
	 */
	MODEL_REDIRECTED("grok.client.model.redirected", Type.COUNTER, "Responses of another model than the requested one",
			"requested", "served"),

	/**
	 * Calls and retries that this application rejected.
	 */
	REJECTED("grok.client.rejected", Type.COUNTER, "Calls and retries that this application rejected", "client",
			"model", "reason"),

	/**
	 * Responses stopped because of endless repetition or their size.
	 */
	OUTPUT_STOPPED("grok.client.output.stopped", Type.COUNTER,
			"Responses stopped because of endless repetition or their size", "client", "model", "reason"),

	/**
	 * Failed attempts that were retried.
	 */
	RETRIES("grok.client.retries", Type.COUNTER, "Failed attempts that were retried", "client", "model", "reason"),

	/**
	 * Calls that continued with the next candidate after a failure.
	 */
	FALLBACKS("grok.client.fallbacks", Type.COUNTER, "Calls that continued with the next candidate after a failure",
			"from", "to", "reason"),

	/**
	 * Time that requests waited for a rate limit of this application.
	 */
	RATE_LIMIT_WAIT("grok.client.ratelimit.wait", Type.TIMER,
			"Time that requests waited for a rate limit of this application", "client", "limit"),

	/**
	 * Requests or tokens currently available to the model.
	 */
	RATE_LIMIT_REMAINING("grok.client.ratelimit.remaining", Type.GAUGE,
			"Requests or tokens currently available to the model", "model", "limit"),

	/**
	 * Requests in progress.
	 */
	CONCURRENCY_ACTIVE("grok.client.concurrency.active", Type.GAUGE, "Requests in progress"),

	/**
	 * Requests waiting for a limit of this application.
	 */
	CONCURRENCY_QUEUED("grok.client.concurrency.queued", Type.GAUGE,
			"Requests waiting for a limit of this application"),

	/**
	 * Duration of attempts, by requested model and outcome.
	 */
	REQUESTS("grok.client.requests", Type.TIMER, "Duration of attempts, by requested model and outcome", "client",
			"model", "api", "outcome"),

	/**
	 * Time until the first content of a stream.
	 */
	TIME_TO_FIRST_TOKEN("grok.client.time.to.first.token", Type.TIMER, "Time until the first content of a stream",
			"client", "model"),

	/**
	 * Billed tokens, by responding model.
	 */
	TOKENS("grok.client.tokens", Type.COUNTER, "Billed tokens, by responding model", "client", "model", "type"),

	/**
	 * Cost of responses, by responding model.
	 */
	COST("grok.client.cost", Type.COUNTER, "Cost of responses, by responding model", "usd",
			List.of("client", "model", "source")),

	/**
	 * Absolute difference between reported and calculated cost, in percent of the
	 * calculated cost.
	 */
	COST_DRIFT("grok.client.cost.drift", Type.DISTRIBUTION_SUMMARY,
			"Absolute difference between reported and calculated cost, in percent of the calculated cost", "percent",
			List.of("model")),

	/**
	 * Reported cost minus calculated cost since startup.
	 */
	COST_DRIFT_BALANCE("grok.client.cost.drift.balance", Type.GAUGE,
			"Reported cost minus calculated cost since startup", "usd", List.of("model")),

	/**
	 * Calls of server-side tools.
	 */
	TOOL_CALLS("grok.client.tools.calls", Type.COUNTER, "Calls of server-side tools", "client", "tool"),

	/**
	 * Requests to the response cache.
	 */
	CACHE_REQUESTS("grok.client.cache.requests", Type.COUNTER, "Requests to the response cache", "client", "result"),

	/**
	 * Cost saved by a cache.
	 */
	CACHE_SAVED("grok.client.cache.saved", Type.COUNTER, "Cost saved by a cache", "usd", List.of("client", "by")),

	/**
	 * Limit of the budget in the current window.
	 */
	BUDGET_LIMIT("grok.budget.limit", Type.GAUGE, "Limit of the budget in the current window", "usd",
			List.of("budget", "scope")),

	/**
	 * Amount spent in the current window.
	 */
	BUDGET_USED("grok.budget.used", Type.GAUGE, "Amount spent in the current window", "usd",
			List.of("budget", "scope")),

	/**
	 * Amount reserved for calls in progress.
	 */
	BUDGET_RESERVED("grok.budget.reserved", Type.GAUGE, "Amount reserved for calls in progress", "usd",
			List.of("budget", "scope")),

	/**
	 * Amount neither spent nor reserved in the current window.
	 */
	BUDGET_REMAINING("grok.budget.remaining", Type.GAUGE, "Amount neither spent nor reserved in the current window",
			"usd", List.of("budget", "scope")),

	/**
	 * Amount spent that the budget store has not accepted yet.
	 */
	BUDGET_UNSETTLED("grok.budget.unsettled", Type.GAUGE, "Amount spent that the budget store has not accepted yet",
			"usd", List.of()),

	/**
	 * Sensitive values replaced in requests.
	 */
	REDACTION_REPLACED("grok.redaction.replaced", Type.COUNTER, "Sensitive values replaced in requests", "kind");

	private final String id;

	private final Type type;

	private final String description;

	private final @Nullable String baseUnit;

	private final List<String> tags;

	GrokMeter(String id, Type kind, String description, String... tags) {
		this(id, kind, description, null, List.of(tags));
	}

	GrokMeter(String id, Type kind, String description, @Nullable String baseUnit, List<String> tags) {
		this.id = id;
		this.type = kind;
		this.description = description;
		this.baseUnit = baseUnit;
		this.tags = tags;
	}

	/**
	 * Returns the name of the meter.
	 * @return the name in Micrometer's notation
	 */
	public String id() {
		return this.id;
	}

	/**
	 * Returns the type of the meter.
	 * @return the type
	 */
	public Type type() {
		return this.type;
	}

	/**
	 * Returns the description of the meter.
	 * @return the description
	 */
	public String description() {
		return this.description;
	}

	/**
	 * Returns the base unit of the meter.
	 * @return the unit, or {@code null} for the default of the type
	 */
	public @Nullable String baseUnit() {
		return this.baseUnit;
	}

	/**
	 * Returns the keys of the tags. All measurements have all tags.
	 * @return the keys
	 */
	public List<String> tags() {
		return this.tags;
	}

	/**
	 * Returns tags with the given values, in the order of the keys.
	 */
	Tags withValues(String... values) {
		String[] pairs = new String[2 * values.length];
		for (int i = 0; i < values.length; i++) {
			pairs[2 * i] = this.tags.get(i);
			pairs[2 * i + 1] = values[i];
		}
		return Tags.of(pairs);
	}

}
