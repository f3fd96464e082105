package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * A model of xAI, as of the date it was checked. Unknown values are left out.
 *
 * @param id the model id; for a placeholder, a pattern such as {@code grok-*}
 * @param aliases the aliases
 * @param known {@code false} for a placeholder of a model that is not in the catalog
 * @param status the status
 * @param released the release date, or {@code null} if unknown
 * @param checked the date this entry was last compared with what xAI publishes, or
 * {@code null} if it does not come from xAI
 * @param knowledgeCutoff the month in which the training data ends, or {@code null} if
 * unknown
 * @param contextWindow the maximum number of tokens of prompt and response together, 0 if
 * unknown
 * @param inputModalities the input modalities, such as {@code text} and {@code image}
 * @param outputModalities the output modalities
 * @param endpoints the endpoints that serve the model; empty for a retired model
 * @param regions the regional hosts that serve the model besides {@code api.x.ai}, such
 * as {@code us} for {@code us.api.x.ai}
 * @param reasoning whether the model reasons
 * @param reasoningEfforts the accepted values of {@code reasoning_effort}, lowest first;
 * empty if the parameter is refused
 * @param defaultReasoningEffort the effort of requests without one, or {@code null} if
 * there is none
 * @param returnsEncryptedReasoning whether the Responses API returns encrypted reasoning
 * without being asked for it
 * @param refusedParameters the request parameters that are answered with an error
 * @param ignoredParameters the request parameters that have no effect; {@code n} is an
 * error if greater than 1 and has no effect if 1
 * @param prices the price history, newest first; empty if unknown
 * @param retirement the retirement, or {@code null} if the model is not retired
 * @since 0.1.0
 */
public record GrokModel(String id, Set<String> aliases, boolean known, Status status, @Nullable LocalDate released,
		@Nullable LocalDate checked, @Nullable YearMonth knowledgeCutoff, int contextWindow,
		Set<String> inputModalities, Set<String> outputModalities, Set<Endpoint> endpoints, Set<String> regions,
		Reasoning reasoning, List<String> reasoningEfforts, @Nullable String defaultReasoningEffort,
		boolean returnsEncryptedReasoning, Set<String> refusedParameters, Set<String> ignoredParameters,
		List<Prices> prices, @Nullable Retirement retirement) {

	/**
	 * Creates a model. Collections are copied.
	 */
	public GrokModel {
		aliases = Set.copyOf(aliases);
		inputModalities = Set.copyOf(inputModalities);
		outputModalities = Set.copyOf(outputModalities);
		endpoints = Set.copyOf(endpoints);
		regions = Set.copyOf(regions);
		reasoningEfforts = List.copyOf(reasoningEfforts);
		refusedParameters = Set.copyOf(refusedParameters);
		ignoredParameters = Set.copyOf(ignoredParameters);
		prices = List.copyOf(prices);
	}

	/**
	 * Creates a model that returns encrypted reasoning on request only.
	 * @param id the model id
	 * @param aliases the aliases
	 * @param known {@code false} for a placeholder of a model that is not in the catalog
	 * @param status the status
	 * @param released the release date, or {@code null} if unknown
	 * @param checked the date this entry was last compared with what xAI publishes
	 * @param knowledgeCutoff the month in which the training data ends
	 * @param contextWindow the maximum number of tokens of prompt and response together
	 * @param inputModalities the input modalities
	 * @param outputModalities the output modalities
	 * @param endpoints the endpoints that serve the model
	 * @param regions the regional hosts that serve the model
	 * @param reasoning whether the model reasons
	 * @param reasoningEfforts the accepted values of {@code reasoning_effort}
	 * @param defaultReasoningEffort the effort of requests without one
	 * @param refusedParameters the request parameters that are answered with an error
	 * @param ignoredParameters the request parameters that have no effect
	 * @param prices the price history, newest first
	 * @param retirement the retirement, or {@code null} if the model is not retired
	 */
	public GrokModel(String id, Set<String> aliases, boolean known, Status status, @Nullable LocalDate released,
			@Nullable LocalDate checked, @Nullable YearMonth knowledgeCutoff, int contextWindow,
			Set<String> inputModalities, Set<String> outputModalities, Set<Endpoint> endpoints, Set<String> regions,
			Reasoning reasoning, List<String> reasoningEfforts, @Nullable String defaultReasoningEffort,
			Set<String> refusedParameters, Set<String> ignoredParameters, List<Prices> prices,
			@Nullable Retirement retirement) {
		this(id, aliases, known, status, released, checked, knowledgeCutoff, contextWindow, inputModalities,
				outputModalities, endpoints, regions, reasoning, reasoningEfforts, defaultReasoningEffort, false,
				refusedParameters, ignoredParameters, prices, retirement);
	}

	/**
	 * Whether the model answers a request parameter with an error.
	 * @param parameter the name of the parameter in the request
	 * @return whether the parameter is refused
	 */
	public boolean refuses(String parameter) {
		return this.refusedParameters.contains(parameter);
	}

	/**
	 * Whether the model accepts a request parameter without effect.
	 * @param parameter the name of the parameter in the request
	 * @return whether the parameter is ignored
	 */
	public boolean ignores(String parameter) {
		return this.ignoredParameters.contains(parameter);
	}

	/**
	 * Whether the model reasons before it responds.
	 * @param effort the requested reasoning effort, or {@code null} for the default of
	 * the model
	 * @return whether the model reasons
	 */
	public boolean thinks(@Nullable String effort) {
		return switch (this.reasoning) {
			case NONE -> false;
			case ALWAYS -> true;
			case CONFIGURABLE -> !"none".equals((effort != null) ? effort : this.defaultReasoningEffort);
		};
	}

	/**
	 * Returns the prices at a point in time.
	 * @param when the time of the call
	 * @return the prices, or {@code null} if they are unknown
	 */
	public @Nullable Prices pricesAt(Instant when) {
		for (Prices candidate : this.prices) {
			if (candidate.from() == null || !when.isBefore(candidate.from())) {
				return candidate;
			}
		}
		return null;
	}

	/**
	 * Returns the last prices that the model had of its own. After its retirement, its
	 * prices are those of the replacement.
	 * @param now the current time
	 * @return its last own prices, or those of {@code now} if it is not retired, or
	 * {@code null} if they are unknown
	 */
	public @Nullable Prices lastOwnPrices(Instant now) {
		if (this.retirement != null && this.retirement.on() != null) {
			Instant before = this.retirement.on().atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1);
			return pricesAt(before.isBefore(now) ? before : now);
		}
		if (this.status == Status.REDIRECTED && !this.prices.isEmpty()) {
			// The day is unknown, but the own prices came first.
			return this.prices.get(this.prices.size() - 1);
		}
		return pricesAt(now);
	}

	/**
	 * Status of a model.
	 */
	public enum Status {

		/**
		 * Available.
		 */
		CURRENT,

		/**
		 * Missing in the list that the catalog was last refreshed from. Requests are
		 * likely to fail.
		 */
		UNLISTED,

		/**
		 * Retired and served by its replacement, at the price of that, unless xAI has
		 * ended the redirect in the meantime.
		 */
		REDIRECTED,

		/**
		 * Retired. Requests fail.
		 */
		RETIRED

	}

	/**
	 * Whether a model reasons before it responds.
	 */
	public enum Reasoning {

		/**
		 * Never reasons.
		 */
		NONE,

		/**
		 * Always reasons.
		 */
		ALWAYS,

		/**
		 * Reasons unless the effort is {@code none}.
		 */
		CONFIGURABLE

	}

	/**
	 * Endpoint of xAI.
	 */
	public enum Endpoint {

		/**
		 * {@code /v1/chat/completions}.
		 */
		CHAT_COMPLETIONS,

		/**
		 * {@code /v1/responses}.
		 */
		RESPONSES,

		/**
		 * {@code /v1/images/generations}.
		 */
		IMAGES,

		/**
		 * {@code /v1/videos/generations}.
		 */
		VIDEOS

	}

	/**
	 * Retirement of a model.
	 *
	 * @param on the retirement date, or {@code null} if unknown
	 * @param replacement the id of the model that serves requests today, or should be
	 * used instead, or {@code null} if there is none
	 * @param effort the reasoning effort that the redirect sets, or {@code null} if it
	 * sets none
	 */
	public record Retirement(@Nullable LocalDate on, @Nullable String replacement, @Nullable String effort) {

	}

}
