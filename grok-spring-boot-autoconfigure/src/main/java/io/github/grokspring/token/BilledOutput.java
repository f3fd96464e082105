package io.github.grokspring.token;

/**
 * How many tokens of a response are billed as output, reasoning included, according to
 * the counts of its {@code usage}.
 *
 * @since 0.1.0
 */
public final class BilledOutput {

	private BilledOutput() {
	}

	/**
	 * Reads the counts of Chat Completions, where xAI leaves reasoning out of
	 * {@code completion_tokens}. Gateways that include it have a total that says so.
	 * @param prompt tokens of the prompt
	 * @param completion tokens of the completion
	 * @param reasoning tokens of the reasoning
	 * @param total all tokens, 0 if not known
	 * @return the tokens that are billed as output
	 */
	public static long ofChatCompletions(long prompt, long completion, long reasoning, long total) {
		if (reasoning <= completion && total - prompt == completion) {
			return completion;
		}
		return Math.max(total - prompt, sum(completion, reasoning));
	}

	/**
	 * Reads the counts of the Responses API, where {@code output_tokens} include
	 * reasoning.
	 * @param input tokens of the prompt
	 * @param output tokens of the output
	 * @param reasoning tokens of the reasoning; more than the output are not part of it
	 * @param total all tokens, 0 if not known
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
