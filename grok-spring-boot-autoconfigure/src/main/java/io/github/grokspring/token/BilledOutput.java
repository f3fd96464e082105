package io.github.grokspring.token;

/**
 * Computes the tokens of a response that are billed as output, including reasoning, from
 * the counts of its {@code usage}.
 *
 * @since 0.1.0
 */
public final class BilledOutput {

	private BilledOutput() {
	}

	/**
	 * Computes the billed output of Chat Completions. xAI does not include reasoning in
	 * {@code completion_tokens}. Gateways that do are recognized by the total.
	 * @param prompt tokens of the prompt
	 * @param completion tokens of the completion
	 * @param reasoning tokens of the reasoning
	 * @param total total tokens, 0 if unknown
	 * @return the tokens that are billed as output
	 */
	public static long ofChatCompletions(long prompt, long completion, long reasoning, long total) {
		if (reasoning <= completion && total - prompt == completion) {
			return completion;
		}
		return Math.max(total - prompt, sum(completion, reasoning));
	}

	/**
	 * Computes the billed output of the Responses API, where {@code output_tokens}
	 * includes reasoning.
	 * @param input tokens of the prompt
	 * @param output tokens of the output
	 * @param reasoning tokens of the reasoning; added if there are more than the output
	 * includes
	 * @param total total tokens, 0 if unknown
	 * @return the tokens that are billed as output
	 */
	public static long ofResponses(long input, long output, long reasoning, long total) {
		return Math.max(total - input, (reasoning > output) ? sum(output, reasoning) : output);
	}

	private static long sum(long first, long second) {
		long sum = first + second;
		return (sum < 0) ? Long.MAX_VALUE : sum;
	}

}
