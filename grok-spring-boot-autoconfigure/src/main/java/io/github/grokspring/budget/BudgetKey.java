package io.github.grokspring.budget;

/**
 * What one amount of money is counted under. The period is part of it, so that a
 * settlement that comes after the window rolled goes where its reservation was.
 *
 * @param budget the name of the budget
 * @param scope what has the limit within the budget: the name of a client, a model or a
 * tenant, or {@code all}
 * @param period the period
 * @since 0.1.0
 */
public record BudgetKey(String budget, String scope, BudgetPeriod period) {

}
