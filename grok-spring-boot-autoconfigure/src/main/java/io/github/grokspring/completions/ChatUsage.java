package io.github.grokspring.completions;

import java.util.Map;

import io.github.grokspring.token.BilledOutput;
import io.github.grokspring.wire.TokenCounts;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} of Chat Completions, where {@code completion_tokens} excludes
 * reasoning, although it is billed as output.
 */
final class ChatUsage {

	private ChatUsage() {
	}

	static Usage from(Map<String, @Nullable Object> usage) {
		long prompt = TokenCounts.count(usage, "prompt_tokens");
		long billed = BilledOutput.ofChatCompletions(prompt, TokenCounts.count(usage, "completion_tokens"),
				TokenCounts.count(usage, "completion_tokens_details", "reasoning_tokens"),
				TokenCounts.count(usage, "total_tokens"));
		return TokenCounts.toUsage(usage, prompt, billed,
				TokenCounts.count(usage, "prompt_tokens_details", "cached_tokens"));
	}

}
