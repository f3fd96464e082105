package io.github.grokspring.budget;

import java.time.InstantSource;
import java.util.function.ToLongFunction;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.OnUnpriced;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Knows what a call may cost at most. A bean of this type takes the place of ours.
 * Implementations do not block and are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface CostEstimator {

	/**
	 * How many runs of server-side tools are expected unless something else is said.
	 */
	int DEFAULT_TOOL_CALLS = 10;

	/**
	 * Look at a prompt before it is sent.
	 * @param prompt the prompt, with complete options
	 * @param model the model that would be asked, instead of the one in the options
	 * @return what it may cost
	 */
	Estimate estimate(Prompt prompt, String model);

	/**
	 * What a fixed number of tokens costs, by which two models are compared: one that
	 * always thinks may cost more in the worst case though each of its tokens costs less.
	 * @param prompt the prompt, with complete options
	 * @param model the model that would be asked
	 * @return the amount in ticks, 0 if it is not known
	 */
	default long rate(Prompt prompt, String model) {
		return 0;
	}

	/**
	 * What a request may cost whose prompt fills the context window of the model, without
	 * the prompts of further turns that server-side tools make.
	 * @param prompt a prompt with complete options
	 * @param model the model that would be asked
	 * @return the amount in ticks, {@link Long#MAX_VALUE} if it is not known
	 */
	default long maximum(Prompt prompt, String model) {
		return estimate(prompt, model).total();
	}

	/**
	 * By price: the prompt, with a quarter more tokens than it probably has, and as many
	 * visible tokens as the options or the extra body allow are bounded, in the tier and
	 * for as many answers as they ask for; so is a run of the dearest of xAI's own tools
	 * in each turn, where turns are limited. Thinking is not, because no limit caps it,
	 * nor are visible tokens without a limit, nor runs of tools without a limit of turns:
	 * for them stands what is hardly ever exceeded.
	 * @param prices knows what tokens cost
	 * @param catalog knows which models think
	 * @param tokens how many tokens a prompt probably has
	 * @param clock tells the time, by which prices are chosen
	 * @return the estimate
	 */
	static CostEstimator of(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
			InstantSource clock) {
		return of(prices, catalog, tokens, clock, OnUnpriced.WARN, DEFAULT_TOOL_CALLS);
	}

	/**
	 * By price, with a number of runs of server-side tools that are expected where they
	 * are offered and turns are not limited.
	 * @param prices knows what tokens cost
	 * @param catalog knows which models think
	 * @param tokens how many tokens a prompt probably has
	 * @param clock tells the time, by which prices are chosen
	 * @param onUnpriced what is done about a model whose price is not known: nothing is
	 * reserved for it with {@link OnUnpriced#ZERO}, else as much as for the most
	 * expensive model of its family
	 * @param toolCalls the number of runs, not negative
	 * @return the estimate
	 * @see #of(CostCalculator, ModelCatalog, ToLongFunction, InstantSource)
	 */
	static CostEstimator of(CostCalculator prices, ModelCatalog catalog, ToLongFunction<Prompt> tokens,
			InstantSource clock, OnUnpriced onUnpriced, int toolCalls) {
		return new PriceCostEstimator(
				(onUnpriced == OnUnpriced.ZERO) ? prices : CostCalculator.estimating(prices, catalog), catalog, tokens,
				clock, onUnpriced, toolCalls);
	}

	/**
	 * What a call may cost, in ticks.
	 *
	 * @param model the id of the model that would be asked, by which a budget knows it
	 * @param bounded what it costs at most as far as the request limits it
	 * @param unbounded what may come on top that nothing limits, {@link Long#MAX_VALUE}
	 * when nobody knows
	 */
	record Estimate(String model, long bounded, long unbounded) {

		/**
		 * What it hardly ever exceeds.
		 * @return the amount
		 */
		long total() {
			long sum = this.bounded + this.unbounded;
			return (sum >= 0) ? sum : Long.MAX_VALUE;
		}

		/**
		 * How much is reserved for it: what the request limits, and the rest up to a
		 * ceiling.
		 * @param ceiling up to how much in all
		 * @return the amount, at least one tick unless the call is free
		 */
		long ticks(long ceiling) {
			return (total() == 0) ? 0 : Math.max(1, Math.max(this.bounded, Math.min(total(), ceiling)));
		}

	}

}
