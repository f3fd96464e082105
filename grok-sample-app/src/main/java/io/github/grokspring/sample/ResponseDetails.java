package io.github.grokspring.sample;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * Details of a response besides its text. Unknown details are omitted.
 *
 * @param requestedModel the requested model
 * @param model the model that answered
 * @param api the endpoint
 * @param tokens the billed tokens
 * @param cost the cost
 * @param rounds number of calls to the model, more than one with tools of the application
 * @param attempts number of requests sent
 * @param timeToFirstTokenMillis time to the first content, in milliseconds
 * @param durationMillis total time, in milliseconds
 * @param scrubbed parameters that were removed because the model rejects them
 * @param cache result of the response cache, if there is one
 * @param requestId request ID for xAI's support
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ResponseDetails(@Nullable String requestedModel, @Nullable String model, @Nullable String api, Tokens tokens,
		@Nullable Price cost, int rounds, int attempts, @Nullable Long timeToFirstTokenMillis,
		@Nullable Long durationMillis, List<String> scrubbed, @Nullable String cache, @Nullable String requestId) {

	/**
	 * Tokens by type. No token is counted under two types.
	 *
	 * @param input prompt tokens at the full price
	 * @param cached prompt tokens from xAI's cache
	 * @param images image tokens
	 * @param output output tokens
	 * @param reasoning reasoning tokens
	 * @param serverTools number of runs of each server-side tool
	 * @param estimated whether the counts are estimated
	 */
	record Tokens(long input, long cached, long images, long output, long reasoning, Map<String, Long> serverTools,
			boolean estimated) {

		static Tokens of(TokenUsage usage) {
			return new Tokens(usage.input(), usage.cachedInput(), usage.imageInput(), usage.output(), usage.reasoning(),
					usage.serverToolCalls(), usage.estimated());
		}

	}

	/**
	 * An amount of money.
	 *
	 * @param usd US dollars, as text to keep all digits
	 * @param source source of the amount: reported by xAI or the price table
	 */
	record Price(String usd, String source) {

		static @Nullable Price of(@Nullable Cost cost) {
			return (cost != null) ? new Price(cost.usd().toPlainString(), cost.source().id()) : null;
		}

	}

}
