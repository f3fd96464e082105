package io.github.grokspring.cost;

import java.util.HashMap;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Collects the cost of all attempts of a call, including failed and cancelled attempts
 * and attempts with fallback models, which the response does not report. A collector is
 * passed in the tool context of the prompt options because attempts may run on a
 * different thread or subscription than the call. Implementations must be thread-safe and
 * must not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallCostCollector {

	/**
	 * Adds the cost of an attempt.
	 * @param model the requested model
	 * @param cost the cost
	 */
	void add(String model, Cost cost);

	/**
	 * Called when an attempt starts.
	 * @param model the requested model
	 */
	default void attemptStarted(String model) {
	}

	/**
	 * Returns the highest expected cost of an attempt.
	 * @param model the requested model
	 * @return the amount in ticks, {@link Long#MAX_VALUE} if unknown
	 */
	default long worstCase(String model) {
		return Long.MAX_VALUE;
	}

	/**
	 * Returns the tenant of the call. A collector that has resolved the tenant on the
	 * calling or subscribing thread returns it here for attempts that run on other
	 * threads.
	 * @param prompt the prompt of an attempt
	 * @param tenants resolves the tenant of a prompt
	 * @return the name of the tenant, {@code null} if there is none
	 */
	default @Nullable String tenant(Prompt prompt, TenantResolver tenants) {
		return tenants.tenantOf(prompt);
	}

	/**
	 * Adds a collector to the options of a prompt.
	 * @param options the options of the prompt
	 * @param costs the collector
	 * @return a copy of the options with the collector
	 */
	static GrokChatOptions attach(GrokChatOptions options, CallCostCollector costs) {
		@Nullable Map<String, Object> given = options.getToolContext();
		Map<String, Object> context = (given != null) ? new HashMap<>(given) : new HashMap<>();
		context.put(CallCostCollector.class.getName(), costs);
		return options.mutate().toolContext(context).build();
	}

	/**
	 * Returns the collector of a prompt.
	 * @param prompt the prompt
	 * @return the collector, or {@code null} if there is none
	 */
	static @Nullable CallCostCollector of(Prompt prompt) {
		@Nullable Map<String, Object> context = (prompt.getOptions() instanceof GrokChatOptions options)
				? options.getToolContext() : null;
		return (context != null && context.get(CallCostCollector.class.getName()) instanceof CallCostCollector costs)
				? costs : null;
	}

}
