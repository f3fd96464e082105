package io.github.grokspring.cost;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.grokspring.chain.Ticks;
import io.github.grokspring.token.BilledOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} object of xAI in the format of either endpoint. Chat
 * Completions excludes reasoning from {@code completion_tokens}, Responses includes it in
 * {@code output_tokens}.
 */
final class XaiUsage {

	/** Missing or invalid amount. */
	static final long UNKNOWN = -1;

	private static final int TICKS_PER_NANO_USD = 10;

	private static final String CALLS = "_calls";

	private XaiUsage() {
	}

	/**
	 * Returns the reported tokens, or {@code null} if there are none.
	 */
	static @Nullable TokenUsage tokens(Map<?, ?> usage) {
		return usage.containsKey("input_tokens") ? responsesTokens(usage) : chatCompletionsTokens(usage);
	}

	static boolean isResponsesUsage(@Nullable Usage usage) {
		return usage != null && usage.getNativeUsage() instanceof Map<?, ?> counted
				&& counted.containsKey("input_tokens");
	}

	/**
	 * Returns the reported cost in ticks, or {@link #UNKNOWN}.
	 */
	static long reportedTicks(@Nullable Usage usage) {
		if (usage == null || !(usage.getNativeUsage() instanceof Map<?, ?> counted)) {
			return UNKNOWN;
		}
		long ticks = amount(counted.get("cost_in_usd_ticks"));
		if (ticks != UNKNOWN) {
			return ticks;
		}
		long nanos = amount(counted.get("cost_in_nano_usd"));
		return (nanos != UNKNOWN) ? Ticks.times(nanos, TICKS_PER_NANO_USD) : UNKNOWN;
	}

	/**
	 * Returns the prompt tokens of the last turn, which is the largest one, or 0 if they
	 * are not reported separately from the billed tokens.
	 */
	static long contextTokens(@Nullable Usage usage) {
		return (usage != null && usage.getNativeUsage() instanceof Map<?, ?> counted)
				? count(details(counted, "context_details"), "input_tokens") : 0;
	}

	private static @Nullable TokenUsage chatCompletionsTokens(Map<?, ?> usage) {
		long reasoning = count(details(usage, "completion_tokens_details"), "reasoning_tokens");
		long prompt = count(usage, "prompt_tokens");
		long billed = BilledOutput.ofChatCompletions(prompt, count(usage, "completion_tokens"), reasoning,
				count(usage, "total_tokens"));
		return tokens(usage, prompt, details(usage, "prompt_tokens_details"), billed, reasoning);
	}

	private static @Nullable TokenUsage responsesTokens(Map<?, ?> usage) {
		long reasoning = count(details(usage, "output_tokens_details"), "reasoning_tokens");
		long prompt = count(usage, "input_tokens");
		long billed = BilledOutput.ofResponses(prompt, count(usage, "output_tokens"), reasoning,
				count(usage, "total_tokens"));
		return tokens(usage, prompt, details(usage, "input_tokens_details"), billed, reasoning);
	}

	private static @Nullable TokenUsage tokens(Map<?, ?> usage, long prompt, Map<?, ?> promptDetails, long billed,
			long reasoning) {
		if (prompt == 0 && billed == 0) {
			return null;
		}
		long cached = count(promptDetails, "cached_tokens");
		long image = Math.min(count(promptDetails, "image_tokens"), prompt);
		// Some recorded responses have, and bill, more cached tokens than prompt tokens
		long input = Math.max(0, prompt - image - cached);
		long thought = Math.min(reasoning, billed);
		return new TokenUsage(input, cached, image, billed - thought, thought, serverToolCalls(usage), false);
	}

	private static Map<String, Long> serverToolCalls(Map<?, ?> usage) {
		Map<?, ?> details = details(usage, "server_side_tool_usage_details");
		if (details.isEmpty()) {
			return Map.of();
		}
		Map<String, Long> calls = new LinkedHashMap<>();
		details.forEach((name, value) -> {
			long count = Math.max(0, amount(value));
			if (count > 0) {
				String tool = String.valueOf(name);
				calls.put(tool.endsWith(CALLS) ? tool.substring(0, tool.length() - CALLS.length()) : tool, count);
			}
		});
		return calls;
	}

	private static Map<?, ?> details(Map<?, ?> usage, String name) {
		return (usage.get(name) instanceof Map<?, ?> details) ? details : Map.of();
	}

	private static long count(Map<?, ?> map, String name) {
		return Math.max(0, amount(map.get(name)));
	}

	/**
	 * Converts any JSON value to an amount.
	 */
	private static long amount(@Nullable Object value) {
		if (value instanceof BigInteger big) {
			return (big.signum() < 0) ? UNKNOWN : (big.bitLength() < Long.SIZE) ? big.longValue() : Long.MAX_VALUE;
		}
		if (value instanceof Number number) {
			long whole = number.longValue();
			boolean exact = !(number instanceof Double || number instanceof Float) || number.doubleValue() == whole;
			return (whole >= 0 && exact) ? whole : UNKNOWN;
		}
		return UNKNOWN;
	}

}
