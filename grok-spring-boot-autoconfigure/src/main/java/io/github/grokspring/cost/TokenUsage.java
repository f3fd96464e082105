package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Billed tokens of a response. The token types are disjoint; their sum is what xAI bills.
 *
 * @param input the text tokens of the prompt that were not cached
 * @param cachedInput the text tokens of the prompt that were cached
 * @param imageInput the image tokens of the prompt
 * @param output the output tokens without reasoning
 * @param reasoning the reasoning tokens
 * @param serverToolCalls the number of runs by server-side tool, and the number of
 * fetched X posts and profiles ({@code x_posts_fetched}, {@code x_users_fetched}),
 * without zeros
 * @param estimated whether the tokens were estimated because xAI did not report them
 * @since 0.1.0
 */
public record TokenUsage(long input, long cachedInput, long imageInput, long output, long reasoning,
		Map<String, Long> serverToolCalls, boolean estimated) {

	/**
	 * No tokens.
	 */
	public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, Map.of(), false);

	/**
	 * Creates a new {@code TokenUsage} instance.
	 * @throws IllegalArgumentException if a number of tokens is negative
	 */
	public TokenUsage {
		if ((input | cachedInput | imageInput | output | reasoning) < 0) {
			throw new IllegalArgumentException("numbers of tokens must not be negative");
		}
		serverToolCalls = Map.copyOf(serverToolCalls);
	}

	/**
	 * Reads the usage of a response. Uses the xAI usage object from
	 * {@link Usage#getNativeUsage()}, a map in the format of either endpoint, or the
	 * portable counts of Spring AI if there is none.
	 * @param usage the usage of the response
	 * @return the tokens, or {@code null} if none are reported
	 */
	public static @Nullable TokenUsage from(@Nullable Usage usage) {
		if (usage == null) {
			return null;
		}
		TokenUsage tokens = (usage.getNativeUsage() instanceof Map<?, ?> counted) ? XaiUsage.tokens(counted) : null;
		return (tokens != null) ? tokens : portable(usage);
	}

	/**
	 * Creates an estimated usage.
	 * @param input the estimated prompt tokens
	 * @param output the estimated output tokens
	 * @param reasoning the estimated reasoning tokens
	 * @return the tokens, marked as estimated
	 */
	public static TokenUsage estimated(long input, long output, long reasoning) {
		return new TokenUsage(input, 0, 0, output, reasoning, Map.of(), true);
	}

	/**
	 * Creates an estimated usage that consists of runs of a server-side tool.
	 * @param tool the tool, such as {@code web_search}
	 * @param runs the number of runs
	 * @return the usage, marked as estimated
	 */
	public static TokenUsage estimatedToolRuns(String tool, long runs) {
		return new TokenUsage(0, 0, 0, 0, 0, ServerToolRuns.of(tool, runs), true);
	}

	/**
	 * Returns the number of prompt tokens.
	 * @return the sum of all input types
	 */
	public long prompt() {
		return Ticks.plus(Ticks.plus(this.input, this.cachedInput), this.imageInput);
	}

	/**
	 * Returns the number of tokens billed as output, including reasoning.
	 * @return the number of output and reasoning tokens
	 */
	public long billedOutput() {
		return Ticks.plus(this.output, this.reasoning);
	}

	/**
	 * Returns the total number of tokens.
	 * @return the sum of all types
	 */
	public long total() {
		return Ticks.plus(prompt(), billedOutput());
	}

	/**
	 * Returns a copy of this usage without cached tokens.
	 */
	TokenUsage uncached() {
		return new TokenUsage(Ticks.plus(this.input, this.cachedInput), 0, this.imageInput, this.output, this.reasoning,
				this.serverToolCalls, this.estimated);
	}

	TokenUsage withServerToolCalls(Map<String, Long> calls) {
		return calls.equals(this.serverToolCalls) ? this : new TokenUsage(this.input, this.cachedInput, this.imageInput,
				this.output, this.reasoning, calls, this.estimated);
	}

	private static @Nullable TokenUsage portable(Usage usage) {
		long prompt = count(usage.getPromptTokens());
		long output = count(usage.getCompletionTokens());
		// If completion tokens exclude reasoning, the total includes it
		long reasoning = Math.max(0, count(usage.getTotalTokens()) - prompt - output);
		if (prompt == 0 && output == 0 && reasoning == 0) {
			return null;
		}
		long cached = count(usage.getCacheReadInputTokens());
		return new TokenUsage(Math.max(0, prompt - cached), cached, 0, output, reasoning, Map.of(), false);
	}

	private static long count(@Nullable Number number) {
		return (number != null) ? Math.max(0, number.longValue()) : 0;
	}

}
