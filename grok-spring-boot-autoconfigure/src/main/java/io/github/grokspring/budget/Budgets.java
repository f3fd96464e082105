package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

/**
 * The budgets of an application: how they stand, and where calls reserve what they may
 * cost. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface Budgets extends AutoCloseable {

	/**
	 * What is limited.
	 * @return the budgets, none if nothing is
	 */
	List<Budget> budgets();

	/**
	 * How every budget stands in its current window: one entry for a budget of all calls,
	 * else one for every client, model or tenant that has spent or reserved something.
	 * @return the entries, in the order of the budgets
	 */
	List<BudgetStatus> status();

	/**
	 * Reserve what a call may cost in every budget it belongs to, or in none.
	 * @param request the call
	 * @return the reservation, to be settled when the call has ended
	 * @throws io.github.grokspring.error.BudgetExceededException if a budget has no room
	 * @throws io.github.grokspring.error.BudgetStoreException if it cannot be kept what
	 * is spent
	 */
	Reservation reserve(BudgetRequest request);

	/**
	 * Corrects what a budget has used in its current window, such as after a bill of xAI
	 * that says otherwise. The amount used never falls below 0.
	 * @param budget the name of the budget
	 * @param scopeValue the client, model or tenant whose limit it is, as
	 * {@link BudgetStatus#scopeValue()} shows it; {@code null} or {@code all} for a
	 * budget of all calls
	 * @param delta the US dollars to add, negative to take them off, with at most ten
	 * decimals
	 * @return how the budget stands afterwards
	 * @throws IllegalArgumentException if there is no such budget or scope value, or the
	 * amount is out of range
	 * @throws UnsupportedOperationException if the store cannot be corrected
	 * @throws io.github.grokspring.error.BudgetStoreException if the correction cannot be
	 * stored
	 */
	BudgetStatus adjust(String budget, @Nullable String scopeValue, BigDecimal delta);

	/**
	 * Whether to reserve may wait for something outside of this process, so that an event
	 * loop must leave it to another thread.
	 * @return whether it may
	 */
	default boolean mayWait() {
		return false;
	}

	/**
	 * What calls cost that have ended and that the store has not accepted yet. It is
	 * tried again until it does.
	 * @return the amount in ticks, 0 when everything is noted
	 */
	default long unsettledTicks() {
		return 0;
	}

	/**
	 * Wait a while until what calls cost that have ended is noted. To be called before
	 * the store is closed.
	 */
	@Override
	default void close() {
	}

	/**
	 * Budgets over a store.
	 * @param budgets what is limited
	 * @param store keeps what was spent
	 * @param settings how money is reserved
	 * @param listener is told when a threshold is reached, or a limit
	 * @param clock tells windows
	 * @return the budgets
	 */
	static Budgets of(List<Budget> budgets, BudgetStore store, BudgetSettings settings, GrokEventListener listener,
			InstantSource clock) {
		return of(budgets, store, settings, listener, clock, System::nanoTime);
	}

	/**
	 * Budgets over a store.
	 * @param budgets what is limited
	 * @param store keeps what was spent
	 * @param settings how money is reserved
	 * @param listener is told when a threshold is reached, or a limit
	 * @param clock tells windows
	 * @param nanoTime measures when leases are to be renewed, in nanoseconds
	 * @return the budgets
	 */
	static Budgets of(List<Budget> budgets, BudgetStore store, BudgetSettings settings, GrokEventListener listener,
			InstantSource clock, LongSupplier nanoTime) {
		return new DefaultBudgets(budgets, store, settings, listener, clock, nanoTime, SettlementOutbox.Timer.system());
	}

}
