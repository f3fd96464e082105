package io.github.grokspring.sample;

import java.util.List;
import java.util.Map;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.TokenUsage;
import org.jspecify.annotations.Nullable;

/**
 * What is known of an answer beside its text. What is not known is left out.
 *
 * @param requestedModel the model that was asked
 * @param model the model that answered
 * @param api the endpoint
 * @param tokens what was read and written
 * @param cost what it costs
 * @param rounds how often the model was asked, more than once when it used tools of the
 * application
 * @param attempts how often a request was sent
 * @param timeToFirstTokenMillis how long it took until there was something to read
 * @param durationMillis how long it took
 * @param scrubbed parameters that were left out because the model refuses them
 * @param cache what the cache of answers did, if there is one
 * @param requestId what to tell the support of xAI
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record AnswerDetails(@Nullable String requestedModel, @Nullable String model, @Nullable String api, Tokens tokens,
		@Nullable Price cost, int rounds, int attempts, @Nullable Long timeToFirstTokenMillis,
		@Nullable Long durationMillis, List<String> scrubbed, @Nullable String cache, @Nullable String requestId) {

	/**
	 * Tokens by type; no token is in two of them.
	 *
	 * @param input read for the full price
	 * @param cached read from xAI's cache
	 * @param images images that were read
	 * @param output written
	 * @param reasoning thought
	 * @param serverTools how often xAI ran which of its tools
	 * @param estimated whether xAI did not say it
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
	 * @param usd US dollars, as text so that no digit gets lost
	 * @param source whether xAI said it, or the table of prices
	 */
	record Price(String usd, String source) {

		static @Nullable Price of(@Nullable Cost cost) {
			return (cost != null) ? new Price(cost.usd().toPlainString(), cost.source().id()) : null;
		}

	}

}
