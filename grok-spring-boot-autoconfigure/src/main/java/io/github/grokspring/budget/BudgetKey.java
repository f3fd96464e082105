package io.github.grokspring.budget;

import org.jspecify.annotations.Nullable;

/**
 * Key under which amounts are counted. It includes the period, so that a settlement after
 * the end of a window goes to the window of its reservation, and the type of the scope,
 * so that a tenant and a client of the same name are separate.
 *
 * @param budget the name of the budget
 * @param scope the name of the client, model or tenant, or {@code all}
 * @param period the period
 * @param scopeType the type of the scope, or {@code null} if unknown
 * @since 0.1.0
 */
public record BudgetKey(String budget, String scope, BudgetPeriod period, @Nullable BudgetScope scopeType) {

	/**
	 * Creates a key with an unknown type of scope.
	 * @param budget the name of the budget
	 * @param scope the name of the client, model or tenant, or {@code all}
	 * @param period the period
	 */
	public BudgetKey(String budget, String scope, BudgetPeriod period) {
		this(budget, scope, period, null);
	}

	/**
	 * Whether this key belongs to a budget. A key with an unknown type of scope may
	 * belong to any.
	 */
	boolean matches(Budget candidate) {
		return (this.scopeType != null) ? this.scopeType == candidate.scope() : candidate.scope() != BudgetScope.ALL;
	}

}
