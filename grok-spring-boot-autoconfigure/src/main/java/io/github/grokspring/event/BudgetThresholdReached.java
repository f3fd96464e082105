package io.github.grokspring.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * What was spent has reached a percentage of a budget. Happens once per window and
 * percentage. Amounts are in ticks, of which 10^10 are one US dollar.
 *
 * @param client the client whose call reached it
 * @param budget the name of the budget
 * @param scope the name of the client, the model or the tenant that has the limit, or
 * {@code all}
 * @param percent the percentage
 * @param usedTicks how much was spent
 * @param limitTicks how much may be spent
 * @param resetsAt when the next window begins, {@code null} for never
 * @since 0.1.0
 */
public record BudgetThresholdReached(String client, String budget, String scope, int percent, long usedTicks,
		long limitTicks, @Nullable Instant resetsAt) implements GrokEvent {

}
