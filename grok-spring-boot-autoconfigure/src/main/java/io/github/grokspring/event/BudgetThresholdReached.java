package io.github.grokspring.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when spending reaches a percentage of a budget, once per window and
 * percentage. Amounts are in ticks; 10^10 ticks are one US dollar.
 *
 * @param client the name of the client whose call reached the threshold
 * @param budget the name of the budget
 * @param scope the name of the client, model or tenant that the limit applies to, or
 * {@code all}
 * @param percent the percentage
 * @param usedTicks the amount spent
 * @param limitTicks the limit
 * @param resetsAt the start of the next window, or {@code null} if the budget never
 * resets
 * @since 0.1.0
 */
public record BudgetThresholdReached(String client, String budget, String scope, int percent, long usedTicks,
		long limitTicks, @Nullable Instant resetsAt) implements GrokEvent {

}
