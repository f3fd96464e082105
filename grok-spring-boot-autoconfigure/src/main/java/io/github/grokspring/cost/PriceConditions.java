package io.github.grokspring.cost;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Conditions that affect the price of tokens. Tool fees are not affected.
 *
 * @param priority whether the response was served in the {@code priority} tier, which
 * doubles the price
 * @param batch whether the request was part of a batch, which is discounted for some
 * models
 * @param usHost whether the request was sent to {@code us.api.x.ai}, which adds ten
 * percent
 * @param contextTokens the prompt tokens of the largest turn, if server-side tools have
 * caused several turns whose prompts are billed together; this number instead of their
 * sum decides whether the long-context price applies; 0 if there was a single turn
 * @since 0.1.0
 */
public record PriceConditions(boolean priority, boolean batch, boolean usHost, long contextTokens) {

	/**
	 * Standard conditions.
	 */
	public static final PriceConditions STANDARD = new PriceConditions(false, false, false);

	private static final Set<String> PRIORITY_TIERS = Set.of("priority", "fast");

	private static final PriceConditions PRIORITY = new PriceConditions(true, false, false);

	/**
	 * Creates conditions for a response with a single turn.
	 * @param priority whether the response was served in the {@code priority} tier
	 * @param batch whether the request was part of a batch
	 * @param usHost whether the request was sent to {@code us.api.x.ai}
	 */
	public PriceConditions(boolean priority, boolean batch, boolean usHost) {
		this(priority, batch, usHost, 0);
	}

	/**
	 * Returns the conditions of a service tier. xAI uses {@code fast} as a synonym for
	 * {@code priority}.
	 * @param tier the tier of a response or request, or {@code null}
	 * @return the conditions
	 */
	public static PriceConditions ofTier(@Nullable Object tier) {
		return (tier instanceof String name && PRIORITY_TIERS.contains(name)) ? PRIORITY : STANDARD;
	}

	/**
	 * Returns a copy of these conditions for a response with several turns.
	 * @param tokens the prompt tokens of the largest turn
	 * @return the conditions
	 */
	public PriceConditions withContextTokens(long tokens) {
		return (tokens == this.contextTokens) ? this
				: new PriceConditions(this.priority, this.batch, this.usHost, tokens);
	}

	/**
	 * Combines these conditions with others.
	 * @param other the other conditions
	 * @return conditions that apply if either applies
	 */
	public PriceConditions and(PriceConditions other) {
		return new PriceConditions(this.priority || other.priority, this.batch || other.batch,
				this.usHost || other.usHost, Math.max(this.contextTokens, other.contextTokens));
	}

	/**
	 * Returns the price factor in thousandths.
	 * @param batchPercent the price of a batch, in percent
	 * @return the factor in thousandths
	 */
	int thousandths(int batchPercent) {
		return (this.priority ? 2 : 1) * (this.batch ? batchPercent : 100) * (this.usHost ? 11 : 10);
	}

}
