package io.github.grokspring.ratelimit;

import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.RateLimit;
import org.springframework.ai.chat.metadata.Usage;

/**
 * Outcome of a request as far as rate limits are concerned.
 *
 * @param sent whether it may have reached xAI
 * @param tokens tokens used, or {@link #UNKNOWN}
 * @param output output tokens of a completed response, otherwise {@link #UNKNOWN}
 * @param rateLimit limits in the response headers, if any
 * @param rejection error response of xAI, if any
 */
record UsageReport(boolean sent, long tokens, long output, @Nullable RateLimit rateLimit,
		@Nullable GrokApiException rejection) {

	static final long UNKNOWN = -1;

	private static final UsageReport UNSENT = new UsageReport(false, 0, UNKNOWN, null, null);

	static UsageReport completed(@Nullable Usage usage, @Nullable RateLimit rateLimit) {
		if (usage == null) {
			return new UsageReport(true, UNKNOWN, UNKNOWN, rateLimit, null);
		}
		long total = usage.getTotalTokens();
		return new UsageReport(true, total, Math.max(0, total - usage.getPromptTokens()), rateLimit, null);
	}

	// Of a response that broke off or was cancelled
	static UsageReport incomplete(long tokens) {
		return new UsageReport(true, tokens, UNKNOWN, null, null);
	}

	static UsageReport rejected(GrokApiException rejection) {
		return new UsageReport(true, 0, UNKNOWN, null, rejection);
	}

	static UsageReport unsent() {
		return UNSENT;
	}

	boolean isCompleted() {
		return this.output != UNKNOWN;
	}

	boolean hasLimits() {
		return this.rateLimit != null || this.rejection != null;
	}

}
