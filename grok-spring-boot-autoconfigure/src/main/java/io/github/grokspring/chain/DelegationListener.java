package io.github.grokspring.chain;

import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;

/**
 * Listener that is notified before a call is delegated to a model outside the chain of
 * its client. It is passed along in the tool context of the prompt. Such a model either
 * causes no cost at xAI or, as another client of this library, records its own.
 * Implementations must be thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface DelegationListener {

	/**
	 * Invoked before the call is delegated.
	 */
	void beforeDelegation();

	/**
	 * Notifies the listeners of a prompt.
	 * @param prompt the prompt to delegate
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
