package io.github.grokspring.budget;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * A call for which money is to be reserved.
 *
 * @param client the client
 * @param model the model that it wants to ask
 * @param tenant on whose account it goes, {@code null} if that is not known
 * @param worstCase what it may cost, by the model that would be asked
 * @since 0.1.0
 */
public record BudgetRequest(String client, String model, @Nullable String tenant,
		Function<String, WorstCase.Estimate> worstCase) {

}
