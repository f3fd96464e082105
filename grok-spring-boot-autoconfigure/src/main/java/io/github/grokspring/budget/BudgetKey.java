package io.github.grokspring.budget;

import org.jspecify.annotations.Nullable;

/**
 * What one amount of money is counted under. The period is part of it, so that a
 * settlement that comes after the window rolled goes where its reservation was, and so is
 * the type of the scope, so that a tenant does not get what a client of that name has
 * spent.
 *
 * @param budget the name of the budget
 * @param scope what has the limit within the budget: the name of a client, a model or a
 * tenant, or {@code all}
 * @param period the period
 * @param scopeType whose name the scope is, {@code null} if that is not known
 * @since 0.1.0
 */
public record BudgetKey(String budget, String scope, BudgetPeriod period, @Nullable BudgetScope scopeType) {

	/**
	 * Create a key that does not tell the type of its scope.
	 * @param budget the name of the budget
	 * @param scope what has the limit within the budget
	 * @param period the period
	 */
	public BudgetKey(String budget, String scope, BudgetPeriod period) {
		this(budget, scope, period, null);
	}

	/**
	 * Whether this is a key of a budget: one whose type of scope is not known may be.
	 */
	boolean matches(Budget candidate) {
		return (this.scopeType != null) ? this.scopeType == candidate.scope() : candidate.scope() != BudgetScope.ALL;
	}

}
