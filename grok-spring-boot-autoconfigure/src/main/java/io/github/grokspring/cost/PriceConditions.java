package io.github.grokspring.cost;

import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * What changes the price of tokens. Fees of tools are not changed.
 *
 * @param priority the answer says that it was served in the tier {@code priority}, which
 * costs twice as much
 * @param batch the request was part of a batch, which some models serve at a discount
 * @param usHost the request went to {@code us.api.x.ai}, which costs a tenth more
 * @param contextTokens how many tokens the prompt of the largest turn had, where tools of
 * xAI made the model take several turns whose prompts are billed together: it is this
 * number, not their sum, that makes a prompt a long one; 0 when it is the same
 * @since 0.1.0
 */
public record PriceConditions(boolean priority, boolean batch, boolean usHost, long contextTokens) {

	/**
	 * Nothing special.
	 */
	public static final PriceConditions STANDARD = new PriceConditions(false, false, false);

	private static final Set<String> PRIORITY_TIERS = Set.of("priority", "fast");

	private static final PriceConditions PRIORITY = new PriceConditions(true, false, false);

	/**
	 * Conditions of an answer that took one turn.
	 * @param priority the answer says that it was served in the tier {@code priority}
	 * @param batch the request was part of a batch
	 * @param usHost the request went to {@code us.api.x.ai}
	 */
	public PriceConditions(boolean priority, boolean batch, boolean usHost) {
		this(priority, batch, usHost, 0);
	}

	/**
	 * The conditions of a tier of service. xAI takes {@code fast} for a synonym of
	 * {@code priority}.
	 * @param tier the tier that an answer names or a request asks for, if it does
	 * @return the conditions
	 */
	public static PriceConditions ofTier(@Nullable Object tier) {
		return (tier instanceof String name && PRIORITY_TIERS.contains(name)) ? PRIORITY : STANDARD;
	}

	/**
	 * The same conditions for an answer that took several turns of the model.
	 * @param tokens how many tokens the prompt of the largest turn had
	 * @return the conditions
	 */
	public PriceConditions withContextTokens(long tokens) {
		return (tokens == this.contextTokens) ? this
				: new PriceConditions(this.priority, this.batch, this.usHost, tokens);
	}

	/**
	 * These conditions and others together.
	 * @param other the other conditions
	 * @return what applies when either do
	 */
	public PriceConditions and(PriceConditions other) {
		return new PriceConditions(this.priority || other.priority, this.batch || other.batch,
				this.usHost || other.usHost, Math.max(this.contextTokens, other.contextTokens));
	}

	/**
	 * How the price of tokens changes.
	 * @param batchPercent what a batch costs, in percent
	 * @return what is paid, in thousandths of the price
	 */
	int thousandths(int batchPercent) {
		return (this.priority ? 2 : 1) * (this.batch ? batchPercent : 100) * (this.usHost ? 11 : 10);
	}

}
