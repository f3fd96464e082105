package io.github.grokspring.ratelimit;

import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.RateLimit;
import org.springframework.ai.chat.metadata.Usage;

/**
 * What a request has used in the end, and what was learned from it.
 *
 * @param sent whether it may have reached xAI
 * @param tokens the tokens that it used, {@link #AS_RESERVED} when nobody knows
 * @param output how many of them are the answer's, {@link #AS_RESERVED} when nobody knows
 * @param told what the headers of the answer said of limits
 * @param refusal how xAI refused it, if it did
 */
record UsageReport(boolean sent, long tokens, long output, @Nullable RateLimit told,
		@Nullable GrokApiException refusal) {

	static final long AS_RESERVED = -1;

	private static final UsageReport UNSENT = new UsageReport(false, 0, AS_RESERVED, null, null);

	/**
	 * The request was answered.
	 */
	static UsageReport answered(@Nullable Usage usage, @Nullable RateLimit told) {
		if (usage == null) {
			return new UsageReport(true, AS_RESERVED, AS_RESERVED, told, null);
		}
		long total = usage.getTotalTokens();
		return new UsageReport(true, total, Math.max(0, total - usage.getPromptTokens()), told, null);
	}

	/**
	 * The answer broke off, or nobody wanted the rest of it.
	 */
	static UsageReport cutShort(long tokens) {
		return new UsageReport(true, tokens, AS_RESERVED, null, null);
	}

	/**
	 * xAI did not work on the request.
	 */
	static UsageReport refused(GrokApiException refusal) {
		return new UsageReport(true, 0, AS_RESERVED, null, refusal);
	}

	/**
	 * xAI has not seen the request.
	 */
	static UsageReport unsent() {
		return UNSENT;
	}

	/**
	 * Whether the request was answered to the end.
	 */
	boolean isAnswer() {
		return this.output != AS_RESERVED;
	}

	/**
	 * Whether there is anything to learn from it.
	 */
	boolean isUsable() {
		return this.told != null || this.refusal != null;
	}

}
