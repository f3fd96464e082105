package io.github.grokspring.completions;

import java.util.Map;

import io.github.grokspring.wire.TokenCounts;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} object of Chat Completions. There {@code completion_tokens}
 * leaves reasoning out, though it is billed as output.
 */
final class ChatUsage {

	private ChatUsage() {
	}

	static Usage from(Map<String, @Nullable Object> usage) {
		long completion = TokenCounts.count(usage, "completion_tokens");
		long output = completion + TokenCounts.count(usage, "completion_tokens_details", "reasoning_tokens");
		return TokenCounts.usage(usage, TokenCounts.count(usage, "prompt_tokens"), completion, output,
				TokenCounts.count(usage, "prompt_tokens_details", "cached_tokens"));
	}

}
