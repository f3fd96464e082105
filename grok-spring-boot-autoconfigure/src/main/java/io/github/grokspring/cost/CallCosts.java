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
public interface CallCosts {

	/**
	 * Take note of what an attempt cost.
	 * @param cost the cost
	 */
	void add(Cost cost);

	/**
	 * Send a collector along with a prompt.
	 * @param options the options of the prompt
	 * @param costs the collector
	 * @return options that hold the collector, and nothing else that is new
	 */
	static GrokChatOptions attach(GrokChatOptions options, CallCosts costs) {
		Map<String, Object> context = new HashMap<>(options.getToolContext());
		context.put(CallCosts.class.getName(), costs);
		return options.mutate().toolContext(context).build();
	}

	/**
	 * The collector that came along with a prompt.
	 * @param prompt the prompt
	 * @return the collector, or {@code null} if there is none
	 */
	static @Nullable CallCosts of(Prompt prompt) {
		return (prompt.getOptions() instanceof GrokChatOptions options
				&& options.getToolContext().get(CallCosts.class.getName()) instanceof CallCosts costs) ? costs : null;
	}

}
