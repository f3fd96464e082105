package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Upper bounds for the token counts of a response. In one turn a model reads and writes
 * no more than its context window; each run of a server-side tool is followed by another
 * billed turn.
 *
 * @param catalog provides the context windows
 */
record TokenBounds(ModelCatalog catalog) {

	/** For models whose context window is not certain. */
	private static final long LARGEST_WINDOW = 10_000_000;

	/** Per response; hundreds have been observed for multi-agent models. */
	private static final long MAX_TURNS = 1000;

	private static final long MAX_TOOL_CALLS = 100_000;

	/** Usage of multi-agent models is the sum over their agents. */
	private static final String MULTI_AGENT = "multi-agent";

	boolean isPlausible(TokenUsage tokens, String model, @Nullable ChatOptions options) {
		if (!hasPlausibleToolCalls(tokens.serverToolCalls())) {
			return false;
		}
		GrokModel facts = this.catalog.resolve(model);
		boolean certain = facts.known() && facts.contextWindow() > 0;
		long turns = model.contains(MULTI_AGENT) ? MAX_TURNS : turns(tokens.serverToolCalls());
		long most = (certain ? facts.contextWindow() : LARGEST_WINDOW) * turns;
		// Some recorded responses have more cached tokens than prompt tokens
		long prompt = (tokens.input() > 0) ? tokens.prompt() : Math.max(tokens.cachedInput(), tokens.imageInput());
		return prompt <= most && tokens.billedOutput() <= most * responses(options);
	}

	static boolean hasPlausibleToolCalls(Map<String, Long> calls) {
		for (long count : calls.values()) {
			if (count > MAX_TOOL_CALLS) {
				return false;
			}
		}
		return true;
	}

	private static long turns(Map<String, Long> calls) {
		long turns = 1;
		for (long count : calls.values()) {
			turns += count;
		}
		return Math.min(MAX_TURNS, turns);
	}

	private static long responses(@Nullable ChatOptions options) {
		return (options instanceof GrokChatOptions grok && grok.getN() != null) ? Math.max(1, grok.getN()) : 1;
	}

}
