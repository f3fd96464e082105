package io.github.grokspring.catalog;

import java.time.Instant;
import java.time.LocalDate;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * One model of xAI, as of the day it was checked. What is not known is left out.
 *
 * @param id the id under which it answers; of a stand-in, the names it stands for, such
 * as {@code grok-*}
 * @param aliases further names it goes by
 * @param known {@code false} for a stand-in of a model that is not in the catalogue
 * @param status whether it can be used
 * @param released when it came out, if known
 * @param checked when this entry was last held against what xAI publishes, {@code null}
 * if it does not come from there
 * @param knowledgeCutoff the month in which its training data ends, {@code null} if not
 * known
 * @param contextWindow how many tokens prompt and answer may have together, 0 if not
 * known
 * @param inputModalities what it reads, such as {@code text} and {@code image}
 * @param outputModalities what it writes
 * @param endpoints which endpoints serve it; empty if none does any more
 * @param regions the regional hosts that serve it besides {@code api.x.ai}: {@code us}
 * for {@code us.api.x.ai}
 * @param reasoning whether it thinks before it answers
 * @param reasoningEfforts the values of {@code reasoning_effort} it accepts, the least
 * first; empty when it refuses the parameter
 * @param defaultReasoningEffort the value that applies when none is sent, if there is one
 * @param returnsEncryptedReasoning whether the Responses API returns its reasoning
 * encrypted, although the request does not include it
 * @param refusedParameters what it answers with an error, in the spelling of the request
 * @param ignoredParameters what it accepts without effect, in the spelling of the
 * request; {@code n} has none when it is greater than 1, and changes nothing when it is 1
 * @param prices what it costs and has cost, the newest first; empty if not known
 * @param retirement what became of it, if it is retired
 * @since 0.1.0
 */
public record GrokModel(String id, Set<String> aliases, boolean known, Status status, @Nullable LocalDate released,
		@Nullable LocalDate checked, @Nullable YearMonth knowledgeCutoff, int contextWindow,
		Set<String> inputModalities, Set<String> outputModalities, Set<Endpoint> endpoints, Set<String> regions,
		Reasoning reasoning, List<String> reasoningEfforts, @Nullable String defaultReasoningEffort,
		boolean returnsEncryptedReasoning, Set<String> refusedParameters, Set<String> ignoredParameters,
		List<Prices> prices, @Nullable Retirement retirement) {

	/**
	 * Create a model. Collections are copied.
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
	 * Create a model that returns encrypted reasoning only where it is asked for.
	 * @param id the id under which it answers
	 * @param aliases further names it goes by
	 * @param known {@code false} for a stand-in of a model that is not in the catalogue
	 * @param status whether it can be used
	 * @param released when it came out, if known
	 * @param checked when this entry was last held against what xAI publishes
	 * @param knowledgeCutoff the month in which its training data ends
	 * @param contextWindow how many tokens prompt and answer may have together
	 * @param inputModalities what it reads
	 * @param outputModalities what it writes
	 * @param endpoints which endpoints serve it
	 * @param regions the regional hosts that serve it
	 * @param reasoning whether it thinks before it answers
	 * @param reasoningEfforts the values of {@code reasoning_effort} it accepts
	 * @param defaultReasoningEffort the value that applies when none is sent
	 * @param refusedParameters what it answers with an error
	 * @param ignoredParameters what it accepts without effect
	 * @param prices what it costs and has cost, the newest first
	 * @param retirement what became of it, if it is retired
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
	 * Whether the model answers a parameter with an error.
	 * @param parameter its name in the spelling of the request
	 * @return whether it does
	 */
	public boolean refuses(String parameter) {
		return this.refusedParameters.contains(parameter);
	}

	/**
	 * Whether the model accepts a parameter without effect.
	 * @param parameter its name in the spelling of the request
	 * @return whether it does
	 */
	public boolean ignores(String parameter) {
		return this.ignoredParameters.contains(parameter);
	}

	/**
	 * Whether the model thinks before it answers.
	 * @param effort the reasoning effort that is asked for, or {@code null} for the
	 * default of the model
	 * @return whether it does
	 */
	public boolean thinks(@Nullable String effort) {
		return switch (this.reasoning) {
			case NONE -> false;
			case ALWAYS -> true;
			case CONFIGURABLE -> !"none".equals((effort != null) ? effort : this.defaultReasoningEffort);
		};
	}

	/**
	 * What the model costs, or has cost.
	 * @param when the time of the call
	 * @return the prices of that time, or {@code null} if they are not known
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
	 * What the model cost last while it answered itself: once it is retired, its prices
	 * are those of the model that answers in its place.
	 * @param now the time to look back from
	 * @return its own prices, those of {@code now} if it is not retired, or {@code null}
	 * if they are not known
	 */
	public @Nullable Prices lastOwnPrices(Instant now) {
		if (this.retirement != null && this.retirement.on() != null) {
			Instant before = this.retirement.on().atStartOfDay(ZoneOffset.UTC).toInstant().minusNanos(1);
			return pricesAt(before.isBefore(now) ? before : now);
		}
		if (this.status == Status.REDIRECTED && !this.prices.isEmpty()) {
			// The day is not known, but that it came first is
			return this.prices.get(this.prices.size() - 1);
		}
		return pricesAt(now);
	}

	/**
	 * Whether a model can be used.
	 */
	public enum Status {

		/**
		 * It answers.
		 */
		CURRENT,

		/**
		 * The list of models that the catalogue was last refreshed from does not have it
		 * any more; requests for it are likely to fail.
		 */
		UNLISTED,

		/**
		 * It is retired; its replacement answers in its place, at its own price, unless
		 * xAI has ended that since.
		 */
		REDIRECTED,

		/**
		 * It is retired; requests for it fail.
		 */
		RETIRED

	}

	/**
	 * Whether a model thinks before it answers.
	 */
	public enum Reasoning {

		/**
		 * Never.
		 */
		NONE,

		/**
		 * Always.
		 */
		ALWAYS,

		/**
		 * Unless it is asked not to.
		 */
		CONFIGURABLE

	}

	/**
	 * An endpoint of xAI.
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
	 * What became of a retired model.
	 *
	 * @param on since when it is retired, if that is known
	 * @param replacement the id of the model that answers in its place today, or should
	 * be asked instead, if there is one
	 * @param effort the reasoning effort with which the replacement answers in its place,
	 * if it sets one
	 */
	public record Retirement(@Nullable LocalDate on, @Nullable String replacement, @Nullable String effort) {

	}

}
