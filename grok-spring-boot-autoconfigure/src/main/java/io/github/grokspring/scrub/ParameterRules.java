package io.github.grokspring.scrub;

import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ReasoningEfforts;
import io.github.grokspring.chain.ReservedFields;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.scrub.ScrubFinding.Reason;
import org.jspecify.annotations.Nullable;

/**
 * What a model takes of a request. A field is judged alike whether an option or the extra
 * body brings it. Nothing is allocated where there is nothing to find, which is why these
 * are no methods of an object.
 */
final class ParameterRules {

	private static final String MAX_TOKENS = "max_tokens";

	/** Answered with an error by every model there is. */
	private static final String SEARCH_PARAMETERS = "search_parameters";

	private static final Set<String> TOKEN_LIMITS = Set.of(RequestParameter.MAX_TOKENS.field(), MAX_TOKENS,
			"max_output_tokens");

	private static final Set<String> KEPT = Set.of("model", "messages", "tools", "tool_choice", "response_format",
			RequestParameter.MAX_TOKENS.field(), MAX_TOKENS, "max_output_tokens", "input", "text",
			"previous_response_id", "include", "max_turns");

	/** What the Responses API calls fields that have another name there. */
	private static final Map<String, RequestParameter> ON_RESPONSES = Map.of("max_output_tokens",
			RequestParameter.MAX_TOKENS, "reasoning", RequestParameter.REASONING_EFFORT, "text",
			RequestParameter.RESPONSE_FORMAT);

	private ParameterRules() {
	}

	/**
	 * Whether a request without the field still asks for the same, at about the same
	 * price.
	 * @param field name of the field
	 * @return whether it may be left out
	 */
	static boolean mayBeLeftOut(String field) {
		return !KEPT.contains(field);
	}

	/**
	 * Whether a field limits the visible tokens, by any of its names.
	 * @param field name of the field
	 * @return whether it does
	 */
	static boolean isTokenLimit(String field) {
		return TOKEN_LIMITS.contains(field);
	}

	/**
	 * The field that a refusal is about. One endpoint has an object where the other has a
	 * field.
	 * @param refusal what xAI said
	 * @return name of the field, or {@code null} if it is not about one
	 */
	static @Nullable String fieldOf(GrokApiException refusal) {
		return "reasoning.effort".equals(refusal.parameter()) ? ReasoningEfforts.FIELD : refusal.parameter();
	}

	/**
	 * Whether a request has a field.
	 * @param options the options of the request
	 * @param field name of the field
	 * @return whether it is sent
	 */
	static boolean isSent(GrokChatOptions options, String field) {
		return valueOf(options, field) != null || options.getExtraBody().containsKey(field);
	}

	/**
	 * What a request says in a field.
	 * @param options the options of the request
	 * @param field name of the field
	 * @return the value, or {@code null} if there is none
	 */
	static @Nullable Object valueOf(GrokChatOptions options, String field) {
		RequestParameter option = RequestParameter.of(field);
		Object value = (option != null) ? option.value(options) : null;
		return (value != null) ? value : options.getExtraBody().get(field);
	}

	/**
	 * Judge a field of the extra body.
	 * @param model the model
	 * @param learned what it refused although the catalogue allows it, values by
	 * parameter
	 * @param options the options that it comes with
	 * @param field name of the field
	 * @return what is wrong with it, or {@code null}
	 */
	static @Nullable ScrubFinding judgeExtra(GrokModel model, Map<String, Set<String>> learned, GrokChatOptions options,
			String field) {
		return repeats(options, field) ? new ScrubFinding(field, Reason.REPEATED)
				: judge(model, learned, field, options.getExtraBody().get(field));
	}

	private static boolean repeats(GrokChatOptions options, String field) {
		if (ReservedFields.TRANSPORT_FIELDS.contains(field)) {
			return true;
		}
		if (MAX_TOKENS.equals(field)) {
			// The other name of the same limit
			return isSent(options, RequestParameter.MAX_TOKENS.field());
		}
		RequestParameter option = ON_RESPONSES.getOrDefault(field, RequestParameter.of(field));
		return option != null && option.value(options) != null;
	}

	/**
	 * Judges the limit of visible tokens, which goes by the name that the endpoint knows.
	 * @param model the model
	 * @param endpoint the endpoint that answers
	 * @return what is wrong with it, or {@code null}
	 */
	static @Nullable ScrubFinding judgeTokenLimit(GrokModel model, GrokApi endpoint) {
		String field = ReservedFields.tokenLimit(endpoint);
		return model.refuses(field) ? new ScrubFinding(field, Reason.REFUSED) : null;
	}

	/**
	 * Judge a field.
	 * @param model the model
	 * @param learned what it refused although the catalogue allows it, values by
	 * parameter
	 * @param field name of the field
	 * @param value what it says
	 * @return what is wrong with it, or {@code null}
	 */
	static @Nullable ScrubFinding judge(GrokModel model, Map<String, Set<String>> learned, String field,
			@Nullable Object value) {
		Set<String> refusedValues = learned.get(field);
		if (refusedValues != null && refusedValues.isEmpty()) {
			return new ScrubFinding(field, Reason.LEARNED);
		}
		if (ReasoningEfforts.FIELD.equals(field)) {
			return judgeEffort(model, value, (refusedValues != null) ? refusedValues : Set.of());
		}
		if (refusedValues != null && refusedValues.contains(String.valueOf(value))) {
			return new ScrubFinding(field, Reason.LEARNED);
		}
		if (RequestParameter.N.field().equals(field) && value instanceof Number number && number.doubleValue() == 1) {
			return null;
		}
		if (SEARCH_PARAMETERS.equals(field) || model.refuses(field)) {
			return new ScrubFinding(field, Reason.REFUSED);
		}
		return model.ignores(field) ? new ScrubFinding(field, Reason.IGNORED) : null;
	}

	private static @Nullable ScrubFinding judgeEffort(GrokModel model, @Nullable Object value,
			Set<String> refusedValues) {
		if (model.refuses(ReasoningEfforts.FIELD) || model.reasoningEfforts().isEmpty()) {
			return new ScrubFinding(ReasoningEfforts.FIELD, Reason.REFUSED);
		}
		if (!(value instanceof String effort)) {
			return new ScrubFinding(ReasoningEfforts.FIELD, Reason.UNKNOWN_VALUE);
		}
		if (model.reasoningEfforts().contains(effort) && !refusedValues.contains(effort)) {
			return null;
		}
		return new ScrubFinding(ReasoningEfforts.FIELD,
				refusedValues.contains(effort) ? Reason.LEARNED : Reason.UNKNOWN_VALUE,
				ReasoningEfforts.isEffort(effort) ? effort.strip() : null,
				ReasoningEfforts.nearest(effort, model.reasoningEfforts(), refusedValues));
	}

}
