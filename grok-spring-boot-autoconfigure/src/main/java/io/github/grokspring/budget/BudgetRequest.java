package io.github.grokspring.budget;

import java.util.function.Function;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * Request for a reservation.
 *
 * @param client the client
 * @param model the requested model
 * @param tenant the tenant, or {@code null} if unknown
 * @param estimates the estimated cost by model
 * @param rate the cost of a fixed number of tokens by model, 0 if unknown
 * @since 0.1.0
 */
public record BudgetRequest(String client, String model, @Nullable String tenant,
		Function<String, CostEstimator.Estimate> estimates, ToLongFunction<String> rate) {

	/**
	 * Creates a request that compares models by their estimated cost.
	 * @param client the client
	 * @param model the requested model
	 * @param tenant the tenant, or {@code null} if unknown
	 * @param worstCase the estimated cost by model
	 */
	public BudgetRequest(String client, String model, @Nullable String tenant,
			Function<String, CostEstimator.Estimate> worstCase) {
		this(client, model, tenant, worstCase, (any) -> 0);
	}

}
