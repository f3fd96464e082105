package io.github.grokspring.cost;

import java.util.Map;

import io.github.grokspring.chain.Ticks;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.Usage;

/**
 * What one answer is billed by. The types of tokens are disjoint: no token is in two of
 * them, and their sum is what xAI bills.
 *
 * @param input text of the prompt that xAI had not in its cache
 * @param cachedInput text of the prompt that xAI had in its cache
 * @param imageInput images of the prompt
 * @param output what the model wrote
 * @param reasoning what the model thought
 * @param serverToolCalls how often xAI ran which of its own tools, and how many posts and
 * profiles of X it fetched ({@code x_posts_fetched}, {@code x_users_fetched}); only what
 * is not 0
 * @param estimated whether xAI did not say it, and it was counted here instead
 * @since 0.1.0
 */
public record TokenUsage(long input, long cachedInput, long imageInput, long output, long reasoning,
		Map<String, Long> serverToolCalls, boolean estimated) {

	/**
	 * Nothing at all.
	 */
	public static final TokenUsage NONE = new TokenUsage(0, 0, 0, 0, 0, Map.of(), false);

	/**
	 * Create numbers of tokens, none of them negative. The map is copied.
	 */
	public TokenUsage {
		if ((input | cachedInput | imageInput | output | reasoning) < 0) {
			throw new IllegalArgumentException("numbers of tokens must not be negative");
		}
		serverToolCalls = Map.copyOf(serverToolCalls);
	}

	/**
	 * Read what a transport reports. The numbers of xAI are taken from
	 * {@link Usage#getNativeUsage()}, a map in the shape of either endpoint; without one,
	 * those of Spring AI are taken.
	 * @param usage what the transport reports
	 * @return the tokens, or {@code null} when it reports none
	 */
	public static @Nullable TokenUsage from(@Nullable Usage usage) {
		if (usage == null) {
			return null;
		}
		TokenUsage tokens = (usage.getNativeUsage() instanceof Map<?, ?> counted) ? XaiUsage.tokens(counted) : null;
		return (tokens != null) ? tokens : portable(usage);
	}

	/**
	 * A count that xAI did not make.
	 * @param input tokens that the prompt probably has
	 * @param output tokens that the answer probably has
	 * @param reasoning tokens that the model probably thought
	 * @return the tokens, marked as estimated
	 */
	public static TokenUsage estimated(long input, long output, long reasoning) {
		return new TokenUsage(input, 0, 0, output, reasoning, Map.of(), true);
	}

	/**
	 * Returns what runs of a server-side tool are billed by, without any tokens.
	 * @param tool the tool, such as {@code web_search}
	 * @param runs the number of runs
	 * @return the runs, marked as estimated
	 */
	public static TokenUsage estimatedToolRuns(String tool, long runs) {
		return new TokenUsage(0, 0, 0, 0, 0, ServerToolRuns.of(tool, runs), true);
	}

	/**
	 * All tokens of the prompt.
	 * @return how many
	 */
	public long prompt() {
		return Ticks.plus(Ticks.plus(this.input, this.cachedInput), this.imageInput);
	}

	/**
	 * All tokens that are billed as output: what the model wrote and what it thought.
	 * @return how many
	 */
	public long billedOutput() {
		return Ticks.plus(this.output, this.reasoning);
	}

	/**
	 * All tokens.
	 * @return how many
	 */
	public long total() {
		return Ticks.plus(prompt(), billedOutput());
	}

	/**
	 * The same tokens, had the cache of xAI been empty.
	 * @return the tokens with none in the cache
	 */
	TokenUsage uncached() {
		return new TokenUsage(Ticks.plus(this.input, this.cachedInput), 0, this.imageInput, this.output, this.reasoning,
				this.serverToolCalls, this.estimated);
	}

	/**
	 * The same tokens with other runs of server-side tools.
	 */
	TokenUsage withServerToolCalls(Map<String, Long> calls) {
		return calls.equals(this.serverToolCalls) ? this : new TokenUsage(this.input, this.cachedInput, this.imageInput,
				this.output, this.reasoning, calls, this.estimated);
	}

	private static @Nullable TokenUsage portable(Usage usage) {
		long prompt = count(usage.getPromptTokens());
		long output = count(usage.getCompletionTokens());
		// What the total has more was thought, where completion tokens leave it out.
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
