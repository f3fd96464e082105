package io.github.grokspring.budget;

import java.util.function.Function;
import java.util.function.ToLongFunction;

import org.jspecify.annotations.Nullable;

/**
 * A call for which money is to be reserved.
 *
 * @param client the client
 * @param model the model that it wants to ask
 * @param tenant on whose account it goes, {@code null} if that is not known
 * @param worstCase what it may cost, by the model that would be asked
 * @param rate what a fixed number of tokens costs, by model, 0 if that is not known
 * @since 0.1.0
 */
public record BudgetRequest(String client, String model, @Nullable String tenant,
		Function<String, CostEstimator.Estimate> worstCase, ToLongFunction<String> rate) {

	/**
	 * Create a request whose models are compared by what they cost at most.
	 * @param client the client
	 * @param model the model that it wants to ask
	 * @param tenant on whose account it goes, {@code null} if that is not known
	 * @param worstCase what it may cost, by the model that would be asked
	 */
	public BudgetRequest(String client, String model, @Nullable String tenant,
			Function<String, CostEstimator.Estimate> worstCase) {
		this(client, model, tenant, worstCase, (any) -> 0);
	}

}
