package io.github.grokspring.cost;

import java.util.HashMap;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Is told what every attempt of one call cost: those that failed, were cancelled or went
 * to another model too, of which the answer says nothing. Travels with the prompt, in the
 * tool context of its options, because it is neither the thread nor the subscription that
 * leads from a call to its attempts. Implementations do not block and are safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CallCostCollector {

	/**
	 * Take note of what an attempt cost.
	 * @param model the model that was asked
	 * @param cost the cost
	 */
	void add(String model, Cost cost);

	/**
	 * An attempt begins.
	 * @param model the model that is asked
	 */
	default void begin(String model) {
	}

	/**
	 * What an attempt is expected to cost at most.
	 * @param model the model that is asked
	 * @return the amount in ticks, {@link Long#MAX_VALUE} if that is not known
	 */
	default long worstCase(String model) {
		return Long.MAX_VALUE;
	}

	/**
	 * On whose account the call goes. Who has found that out on the thread that calls, or
	 * that subscribes, says it to attempts that are made on another.
	 * @param prompt the prompt of an attempt
	 * @param tenants says on whose account a prompt goes
	 * @return the name of the tenant, {@code null} if there is none
	 */
	default @Nullable String tenant(Prompt prompt, TenantResolver tenants) {
		return tenants.tenantOf(prompt);
	}

	/**
	 * Send a collector along with a prompt.
	 * @param options the options of the prompt
	 * @param costs the collector
	 * @return options that hold the collector, and nothing else that is new
	 */
	static GrokChatOptions attach(GrokChatOptions options, CallCostCollector costs) {
		@Nullable Map<String, Object> given = options.getToolContext();
		Map<String, Object> context = (given != null) ? new HashMap<>(given) : new HashMap<>();
		context.put(CallCostCollector.class.getName(), costs);
		return options.mutate().toolContext(context).build();
	}

	/**
	 * The collector that came along with a prompt.
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
