package io.github.grokspring.cost;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.Map;

import io.github.grokspring.chain.Ticks;
import io.github.grokspring.token.BilledOutput;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Reads the {@code usage} object of xAI in the shape of either endpoint. Chat Completions
 * leaves reasoning out of {@code completion_tokens}, Responses includes it in
 * {@code output_tokens}.
 */
final class XaiUsage {

	/** There is no number, or none that can be a count. */
	static final long UNKNOWN = -1;

	private static final int TICKS_PER_NANO_USD = 10;

	private static final String CALLS = "_calls";

	private XaiUsage() {
	}

	/**
	 * The tokens that were counted.
	 * @param usage the object
	 * @return the tokens, or {@code null} when the object has none
	 */
	static @Nullable TokenUsage tokens(Map<?, ?> usage) {
		return usage.containsKey("input_tokens") ? responses(usage) : chat(usage);
	}

	/**
	 * Whether the object has the shape of the Responses endpoint.
	 */
	static boolean isOfResponses(@Nullable Usage usage) {
		return usage != null && usage.getNativeUsage() instanceof Map<?, ?> counted
				&& counted.containsKey("input_tokens");
	}

	/**
	 * What xAI says the answer cost.
	 * @return the cost in ticks, or {@link #UNKNOWN}
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
	 * How large the prompt of the largest turn was, which is that of the last one.
	 * @return the tokens, 0 when they are not told apart from what is billed
	 */
	static long contextTokens(@Nullable Usage usage) {
		return (usage != null && usage.getNativeUsage() instanceof Map<?, ?> counted)
				? count(details(counted, "context_details"), "input_tokens") : 0;
	}

	private static @Nullable TokenUsage chat(Map<?, ?> usage) {
		long reasoning = count(details(usage, "completion_tokens_details"), "reasoning_tokens");
		long prompt = count(usage, "prompt_tokens");
		long billed = BilledOutput.ofChatCompletions(prompt, count(usage, "completion_tokens"), reasoning,
				count(usage, "total_tokens"));
		return tokens(usage, prompt, details(usage, "prompt_tokens_details"), billed, reasoning);
	}

	private static @Nullable TokenUsage responses(Map<?, ?> usage) {
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
		// More was cached than the prompt has in some recordings, and billed so.
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
	 * A number that may be anything JSON allows.
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
