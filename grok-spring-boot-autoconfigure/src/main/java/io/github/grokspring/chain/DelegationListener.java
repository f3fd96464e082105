package io.github.grokspring.chain;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Receives a notification before a call is delegated to a model outside of the chain of
 * its client. Travels with the prompt, in the tool context of its options. Such a model
 * takes no money of xAI's or, when it is another client of this library, notes by itself
 * what it costs. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DelegationListener {

	/**
	 * Called before another model is asked.
	 */
	void beforeDelegation();

	/**
	 * Notifies the listeners that came along with a prompt.
	 * @param prompt the prompt that is to be delegated
	 */
	static void notifyListeners(Prompt prompt) {
		@Nullable Map<String, Object> context = (prompt.getOptions() instanceof ToolCallingChatOptions options)
				? options.getToolContext() : null;
		if (context != null) {
			for (Object value : context.values()) {
				if (value instanceof DelegationListener listener) {
					listener.beforeDelegation();
				}
			}
		}
	}

}
