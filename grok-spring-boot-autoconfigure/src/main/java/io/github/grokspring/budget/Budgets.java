package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.List;
import java.util.function.LongSupplier;

import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

/**
 * Budgets of an application: their status, and reservations for calls. Implementations
 * are thread-safe.
 *
 * @since 0.1.0
 */
public interface Budgets extends AutoCloseable {

	/**
	 * Returns the budgets.
	 * @return the budgets, possibly none
	 */
	List<Budget> budgets();

	/**
	 * Returns the status of every budget in its current window: one entry for a budget of
	 * all calls, otherwise one for each client, model or tenant with usage or
	 * reservations.
	 * @return the entries in the order of the budgets
	 */
	List<BudgetStatus> status();

	/**
	 * Reserves the estimated cost of a call in every budget that applies, or in none.
	 * @param request the call
	 * @return the reservation, to be settled when the call has ended
	 * @throws io.github.grokspring.error.BudgetExceededException if the call exceeds a
	 * limit
	 * @throws io.github.grokspring.error.BudgetStoreException if the store cannot record
	 * the reservation
	 */
	Reservation reserve(BudgetRequest request);

	/**
	 * Corrects the usage of a budget in its current window, for example after a deviating
	 * bill of xAI. The usage never falls below 0.
	 * @param budget the name of the budget
	 * @param scopeValue the client, model or tenant, as in
	 * {@link BudgetStatus#scopeValue()}; {@code null} or {@code all} for a budget of all
	 * calls
	 * @param delta the US dollars to add, or to subtract if negative, with at most ten
	 * decimals
	 * @return the status after the correction
	 * @throws IllegalArgumentException if the budget or scope value does not exist, or
	 * the amount is out of range
	 * @throws UnsupportedOperationException if the store does not support corrections
	 * @throws io.github.grokspring.error.BudgetStoreException if the correction cannot be
	 * stored
	 */
	BudgetStatus adjust(String budget, @Nullable String scopeValue, BigDecimal delta);

	/**
	 * Returns whether reservations may block on something outside of this process, so
	 * that they must not run on an event loop.
	 * @return {@code true} if they may block
	 */
	default boolean mayWait() {
		return false;
	}

	/**
	 * Returns the cost of ended calls that the store has not accepted yet. It is retried
	 * until it does.
	 * @return the amount in ticks
	 */
	default long unsettledTicks() {
		return 0;
	}

	/**
	 * Waits for pending settlements for a limited time. Call this before the store is
	 * closed.
	 */
	@Override
	default void close() {
	}

	/**
	 * Creates budgets with a store.
	 * @param budgets the budgets
	 * @param store the store for usage and reservations
	 * @param settings the settings for reservations
	 * @param listener the listener for thresholds and exceeded limits
	 * @param clock the clock for windows
	 * @return the budgets
	 */
	static Budgets of(List<Budget> budgets, BudgetStore store, BudgetSettings settings, GrokEventListener listener,
			InstantSource clock) {
		return of(budgets, store, settings, listener, clock, System::nanoTime);
	}

	/**
	 * Creates budgets with a store.
	 * @param budgets the budgets
	 * @param store the store for usage and reservations
	 * @param settings the settings for reservations
	 * @param listener the listener for thresholds and exceeded limits
	 * @param clock the clock for windows
	 * @param nanoTime the monotonic time source for the renewal of leases, in nanoseconds
	 * @return the budgets
	 */
	static Budgets of(List<Budget> budgets, BudgetStore store, BudgetSettings settings, GrokEventListener listener,
			InstantSource clock, LongSupplier nanoTime) {
		return new DefaultBudgets(budgets, store, settings, listener, clock, nanoTime, SettlementOutbox.Timer.system());
	}

}
