package io.github.grokspring.completions;

import java.math.BigInteger;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} object of Chat Completions. There {@code completion_tokens}
 * leaves reasoning out, though it is billed as output; what is billed is
 * {@code total_tokens - prompt_tokens}.
 */
final class ChatUsage {

	private ChatUsage() {
	}

	static Usage from(Map<String, @Nullable Object> usage) {
		long prompt = count(usage, "prompt_tokens");
		long reasoning = count(details(usage, "completion_tokens_details"), "reasoning_tokens");
		long output = count(usage, "completion_tokens") + reasoning;
		long total = count(usage, "total_tokens");
		if (total > 0) {
			output = Math.max(0, total - prompt);
		}
		else {
			total = prompt + output;
		}
		long cached = count(details(usage, "prompt_tokens_details"), "cached_tokens");
		return new DefaultUsage(clamp(prompt), clamp(output), clamp(total), usage, cached, null);
	}

	private static Map<?, ?> details(Map<String, @Nullable Object> usage, String name) {
		return (usage.get(name) instanceof Map<?, ?> details) ? details : Map.of();
	}

	private static long count(Map<?, ?> map, String name) {
		@Nullable Object value = map.get(name);
		if (value instanceof BigInteger huge) {
			return (huge.signum() > 0) ? Long.MAX_VALUE : 0;
		}
		return (value instanceof Number number) ? Math.max(0, number.longValue()) : 0;
	}

	private static int clamp(long tokens) {
		return (int) Math.min(tokens, Integer.MAX_VALUE);
	}

}
