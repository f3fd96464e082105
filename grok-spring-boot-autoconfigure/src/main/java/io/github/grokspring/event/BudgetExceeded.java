package io.github.grokspring.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Published when a call does not fit into a budget, once per window for the first such
 * call. Amounts are in ticks; 10^10 ticks are one US dollar.
 *
 * @param client the name of the client that made the call
 * @param budget the name of the budget
 * @param scope the name of the client, model or tenant that the limit applies to, or
 * {@code all}
 * @param action the action taken: {@code fail}, {@code warn} or {@code downgrade}
 * @param usedTicks the amount spent
 * @param reservedTicks the amount reserved for calls in progress
 * @param limitTicks the limit
 * @param resetsAt the start of the next window, or {@code null} if the budget never
 * resets
 * @since 0.1.0
 */
public record BudgetExceeded(String client, String budget, String scope, String action, long usedTicks,
		long reservedTicks, long limitTicks, @Nullable Instant resetsAt) implements GrokEvent {

}
