package io.github.grokspring.budget;

import java.time.InstantSource;
import java.util.function.ToLongFunction;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.OnUnpriced;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Estimates the maximum cost of a call. A bean of this type replaces the default.
 * Implementations are thread-safe and do not block.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CostEstimator {

	/**
	 * Default number of expected runs of server-side tools.
	 */
	int DEFAULT_TOOL_CALLS = 10;

	/**
	 * Estimates the cost of a prompt before it is sent.
	 * @param prompt the prompt, with complete options
	 * @param model the model to call, instead of that of the options
	 * @return the estimate
	 */
	Estimate estimate(Prompt prompt, String model);

	/**
	 * Returns the cost of a fixed number of tokens, to compare the prices of two models:
	 * the estimated maximum of a model that always reasons can be higher although its
	 * tokens are cheaper.
	 * @param prompt the prompt, with complete options
	 * @param model the model to call
	 * @return the amount in ticks, 0 if unknown
	 */
	default long rate(Prompt prompt, String model) {
		return 0;
	}

	/**
	 * Returns the maximum cost of a request whose prompt fills the context window,
	 * without the prompts of further turns of server-side tools.
	 * @param prompt a prompt with complete options
	 * @param model the model to call
	 * @return the amount in ticks, {@link Long#MAX_VALUE} if unknown
	 */
	default long maximum(Prompt prompt, String model) {
		return estimate(prompt, model).total();
	}

	/**
	 * Creates an estimator that uses prices. The bounded part of an estimate covers the
	 * prompt with 25 % more tokens than estimated, the visible tokens that the options or
	 * the extra body permit for each of the requested responses, and one run of the most
	 * expensive server-side tool per turn if turns are limited. The unbounded part covers
	 * reasoning, unlimited visible tokens and unlimited turns with amounts that are
	 * rarely exceeded.
	 * @param prices the prices of tokens
	 * @param catalog the model catalog
	 * @param tokens estimates the tokens of a prompt
	 * @param clock the clock by which prices are selected
	 * @return the estimator
	 */
	static CostEstimator of(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
			InstantSource clock) {
		return of(prices, catalog, tokens, clock, OnUnpriced.WARN, DEFAULT_TOOL_CALLS);
	}

	/**
	 * Creates an estimator that uses prices, with an expected number of runs of
	 * server-side tools if turns are not limited.
	 * @param prices the prices of tokens
	 * @param catalog the model catalog
	 * @param tokens estimates the tokens of a prompt
	 * @param clock the clock by which prices are selected
	 * @param onUnpriced the behavior for a model without a price: with
	 * {@link OnUnpriced#ZERO} nothing is reserved, otherwise as much as for the most
	 * expensive model of its family
	 * @param toolCalls the number of runs, not negative
	 * @return the estimator
	 * @see #of(CostCalculator, ModelCatalog, ToLongFunction, InstantSource)
	 */
	static CostEstimator of(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
			InstantSource clock, OnUnpriced onUnpriced, int toolCalls) {
		return new PriceCostEstimator(
				(onUnpriced == OnUnpriced.ZERO) ? prices : CostCalculator.estimating(prices, catalog), catalog, tokens,
				clock, onUnpriced, toolCalls);
	}

	/**
	 * Estimated cost of a call, in ticks.
	 *
	 * @param model the id of the model, as used by budgets
	 * @param bounded the maximum of the part that the request limits
	 * @param unbounded the estimate of the part that nothing limits,
	 * {@link Long#MAX_VALUE} if unknown
	 */
	record Estimate(String model, long bounded, long unbounded) {

		/**
		 * Returns the sum of both parts, which is rarely exceeded.
		 * @return the amount
		 */
		long total() {
			return Ticks.plus(this.bounded, this.unbounded);
		}

		/**
		 * Returns the amount to reserve: the bounded part, and the unbounded part up to a
		 * ceiling.
		 * @param ceiling the ceiling for the sum
		 * @return the amount, at least one tick unless the call is free
		 */
		long ticks(long ceiling) {
			return (total() == 0) ? 0 : Math.max(1, Math.max(this.bounded, Math.min(total(), ceiling)));
		}

	}

}
