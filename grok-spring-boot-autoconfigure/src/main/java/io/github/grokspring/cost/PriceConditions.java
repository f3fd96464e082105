package io.github.grokspring.cost;

import org.jspecify.annotations.Nullable;

/**
 * What changes the price of tokens. Fees of tools are not changed.
 *
 * @param priority the answer says that it was served in the tier {@code priority}, which
 * costs twice as much
 * @param batch the request was part of a batch, which some models serve at a discount
 * @param usHost the request went to {@code us.api.x.ai}, which costs a tenth more
 * @since 0.1.0
 */
public record PriceConditions(boolean priority, boolean batch, boolean usHost) {

	/**
	 * Nothing special.
	 */
	public static final PriceConditions STANDARD = new PriceConditions(false, false, false);

	private static final String PRIORITY_TIER = "priority";

	private static final PriceConditions PRIORITY = new PriceConditions(true, false, false);

	/**
	 * The conditions of a tier of service.
	 * @param tier the tier that an answer names or a request asks for, if it does
	 * @return the conditions
	 */
	public static PriceConditions ofTier(@Nullable Object tier) {
		return PRIORITY_TIER.equals(tier) ? PRIORITY : STANDARD;
	}

	/**
	 * These conditions and others together.
	 * @param other the other conditions
	 * @return what applies when either do
	 */
	public PriceConditions and(PriceConditions other) {
		return new PriceConditions(this.priority || other.priority, this.batch || other.batch,
				this.usHost || other.usHost);
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
