package io.github.grokspring.test;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Model that the server serves. Prices are in ticks per token.
 */
record Model(String id, List<String> aliases, long created, String fingerprint, int contextLength, Prices prices,
		Prices longContextPrices, long longContextThreshold, boolean reasoning, List<String> reasoningEfforts,
		@Nullable String defaultReasoningEffort, Set<String> refuses, boolean chatCompletions,
		boolean alwaysEncryptsReasoning, long requestsPerMinute, long tokensPerMinute) {

	private static final Pattern FAMILY = Pattern.compile("grok-(?:build-)?\\d+(?:\\.\\d+)?");

	Prices pricesFor(long promptTokens) {
		return (promptTokens >= this.longContextThreshold) ? this.longContextPrices : this.prices;
	}

	Model named(String other) {
		return new Model(other, List.of(), this.created, this.fingerprint, this.contextLength, this.prices,
				this.longContextPrices, this.longContextThreshold, this.reasoning, this.reasoningEfforts,
				this.defaultReasoningEffort, this.refuses, this.chatCompletions, this.alwaysEncryptsReasoning,
				this.requestsPerMinute, this.tokensPerMinute);
	}

	/**
	 * Returns the model family, whose models accept the encrypted reasoning of each
	 * other.
	 */
	String family() {
		Matcher matcher = FAMILY.matcher(this.id);
		return matcher.lookingAt() ? matcher.group() : this.id;
	}

	record Prices(long prompt, long cached, long completion) {
	}

}
