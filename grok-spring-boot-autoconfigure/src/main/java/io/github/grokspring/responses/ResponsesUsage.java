package io.github.grokspring.responses;

import java.util.Map;

import io.github.grokspring.token.BilledOutput;
import io.github.grokspring.wire.TokenCounts;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} object of the Responses API. Its {@code output_tokens} include
 * reasoning, and its {@code input_tokens} add up all turns of server-side tools.
 */
final class ResponsesUsage {

	private ResponsesUsage() {
	}

	static Usage from(Map<String, @Nullable Object> usage) {
		long prompt = TokenCounts.count(usage, "input_tokens");
		long billed = BilledOutput.ofResponses(prompt, TokenCounts.count(usage, "output_tokens"),
				TokenCounts.count(usage, "output_tokens_details", "reasoning_tokens"),
				TokenCounts.count(usage, "total_tokens"));
		return TokenCounts.toUsage(usage, prompt, billed,
				TokenCounts.count(usage, "input_tokens_details", "cached_tokens"));
	}

}
