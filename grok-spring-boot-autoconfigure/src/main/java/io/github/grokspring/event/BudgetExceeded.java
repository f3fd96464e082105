package io.github.grokspring.event;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * A budget had no room for a call. Happens once per window, for the first such call.
 * Amounts are in ticks, of which 10^10 are one US dollar.
 *
 * @param client the client whose call it was
 * @param budget the name of the budget
 * @param scope the name of the client, the model or the tenant that has the limit, or
 * {@code all}
 * @param action what became of the call, {@code fail}, {@code warn} or {@code downgrade}
 * @param usedTicks how much was spent
 * @param reservedTicks how much the calls under way may spend
 * @param limitTicks how much may be spent
 * @param resetsAt when the next window begins, {@code null} for never
 * @since 0.1.0
 */
public record BudgetExceeded(String client, String budget, String scope, String action, long usedTicks,
		long reservedTicks, long limitTicks, @Nullable Instant resetsAt) implements GrokEvent {

}
