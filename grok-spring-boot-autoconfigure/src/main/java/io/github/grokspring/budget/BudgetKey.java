package io.github.grokspring.budget;

/**
 * What one amount of money is counted under. The period is part of it, so that a
 * settlement that comes after the window rolled goes where its reservation was.
 *
 * @param budget the name of the budget
 * @param scope what has a limit of its own within the budget
 * @param scopeValue the name of the client, the model or the tenant that has the limit,
 * or {@code all}
 * @param period the period
 * @since 0.1.0
 */
public record BudgetKey(String budget, BudgetScope scope, String scopeValue, BudgetPeriod period) {

}
