package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Knows how many tokens a response can have at most. A model reads and writes no more
 * than its context window in one turn; each run of xAI's own tools is followed by another
 * turn, which is billed as well.
 *
 * @param catalog knows the context windows
 */
record TokenBounds(ModelCatalog catalog) {

	/** For models whose window is not known for certain. */
	private static final long LARGEST_WINDOW = 10_000_000;

	/** Of one response; hundreds have been seen where several agents work on it. */
	private static final long MOST_TURNS = 1000;

	private static final long MOST_TOOL_CALLS = 100_000;

	/** Their tokens are the sum of those of their agents. */
	private static final String SEVERAL_AGENTS = "multi-agent";

	/**
	 * Whether a model can have read and written as many tokens.
	 * @param tokens the tokens
	 * @param model the model that answered
	 * @param options the options of the request
	 */
	boolean allow(TokenUsage tokens, String model, @Nullable ChatOptions options) {
		if (!allowToolCalls(tokens.serverToolCalls())) {
			return false;
		}
		GrokModel facts = this.catalog.resolve(model);
		boolean certain = facts.known() && facts.contextWindow() > 0;
		long turns = model.contains(SEVERAL_AGENTS) ? MOST_TURNS : turns(tokens.serverToolCalls());
		long most = (certain ? facts.contextWindow() : LARGEST_WINDOW) * turns;
		// Some recordings have more tokens in the cache than in the prompt
		long prompt = (tokens.input() > 0) ? tokens.prompt() : Math.max(tokens.cachedInput(), tokens.imageInput());
		return prompt <= most && tokens.billedOutput() <= most * responses(options);
	}

	static boolean allowToolCalls(Map<String, Long> calls) {
		for (long count : calls.values()) {
			if (count > MOST_TOOL_CALLS) {
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
		return Math.min(MOST_TURNS, turns);
	}

	private static long responses(@Nullable ChatOptions options) {
		return (options instanceof GrokChatOptions grok && grok.getN() != null) ? Math.max(1, grok.getN()) : 1;
	}

}
