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
 * Rules that decide which fields of a request a model supports. Fields set by an option
 * and fields of the extra body follow the same rules. The methods are static and do not
 * allocate unless they find something, because they run for each request.
 */
final class ParameterRules {

	private static final String MAX_TOKENS = "max_tokens";

	/** Rejected by all models. */
	private static final String SEARCH_PARAMETERS = "search_parameters";

	private static final Set<String> TOKEN_LIMITS = Set.of(RequestParameter.MAX_TOKENS.field(), MAX_TOKENS,
			"max_output_tokens");

	private static final Set<String> REQUIRED = Set.of("model", "messages", "tools", "tool_choice", "response_format",
			RequestParameter.MAX_TOKENS.field(), MAX_TOKENS, "max_output_tokens", "input", "text",
			"previous_response_id", "include", "max_turns");

	/** Fields that have another name in the Responses API. */
	private static final Map<String, RequestParameter> RESPONSES_FIELDS = Map.of("max_output_tokens",
			RequestParameter.MAX_TOKENS, "reasoning", RequestParameter.REASONING_EFFORT, "text",
			RequestParameter.RESPONSE_FORMAT);

	private ParameterRules() {
	}

	/**
	 * Returns whether removing a field preserves the meaning and approximate price of a
	 * request.
	 */
	static boolean isRemovable(String field) {
		return !REQUIRED.contains(field);
	}

	/**
	 * Returns whether a field is one of the names of the limit of visible tokens.
	 */
	static boolean isTokenLimit(String field) {
		return TOKEN_LIMITS.contains(field);
	}

	/**
	 * Returns the rejected field, by its name in Chat Completions, or {@code null} if the
	 * failure does not name one.
	 */
	static @Nullable String fieldOf(GrokApiException rejection) {
		return "reasoning.effort".equals(rejection.parameter()) ? ReasoningEfforts.FIELD : rejection.parameter();
	}

	static boolean isSent(GrokChatOptions options, String field) {
		return valueOf(options, field) != null || options.getExtraBody().containsKey(field);
	}

	static @Nullable Object valueOf(GrokChatOptions options, String field) {
		RequestParameter option = RequestParameter.of(field);
		Object value = (option != null) ? option.value(options) : null;
		return (value != null) ? value : options.getExtraBody().get(field);
	}

	/**
	 * Checks a field of the extra body.
	 * @param model the model
	 * @param learned the learned rejections of the model, values by parameter
	 * @param options the options that contain the extra body
	 * @param field the name of the field
	 * @return the finding, or {@code null} if the field is supported
	 */
	static @Nullable ScrubFinding checkExtraBody(GrokModel model, Map<String, Set<String>> learned,
			GrokChatOptions options, String field) {
		return isRedundant(options, field) ? new ScrubFinding(field, Reason.REDUNDANT)
				: check(model, learned, field, options.getExtraBody().get(field));
	}

	private static boolean isRedundant(GrokChatOptions options, String field) {
		if (ReservedFields.TRANSPORT_FIELDS.contains(field)) {
			return true;
		}
		if (MAX_TOKENS.equals(field)) {
			return isSent(options, RequestParameter.MAX_TOKENS.field());
		}
		RequestParameter option = RESPONSES_FIELDS.getOrDefault(field, RequestParameter.of(field));
		return option != null && option.value(options) != null;
	}

	/**
	 * Checks the limit of visible tokens, by its name at the endpoint.
	 * @param model the model
	 * @param endpoint the endpoint of the request
	 * @return the finding, or {@code null} if the limit is supported
	 */
	static @Nullable ScrubFinding checkTokenLimit(GrokModel model, GrokApi endpoint) {
		String field = ReservedFields.tokenLimit(endpoint);
		return model.refuses(field) ? new ScrubFinding(field, Reason.REFUSED) : null;
	}

	/**
	 * Checks a field.
	 * @param model the model
	 * @param learned the learned rejections of the model, values by parameter; no values
	 * if all are rejected
	 * @param field the name of the field
	 * @param value the value of the field
	 * @return the finding, or {@code null} if the field is supported
	 */
	static @Nullable ScrubFinding check(GrokModel model, Map<String, Set<String>> learned, String field,
			@Nullable Object value) {
		Set<String> rejectedValues = learned.get(field);
		if (rejectedValues != null && rejectedValues.isEmpty()) {
			return new ScrubFinding(field, Reason.LEARNED);
		}
		if (ReasoningEfforts.FIELD.equals(field)) {
			return checkEffort(model, value, (rejectedValues != null) ? rejectedValues : Set.of());
		}
		if (rejectedValues != null && rejectedValues.contains(String.valueOf(value))) {
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

	private static @Nullable ScrubFinding checkEffort(GrokModel model, @Nullable Object value,
			Set<String> rejectedValues) {
		if (model.refuses(ReasoningEfforts.FIELD) || model.reasoningEfforts().isEmpty()) {
			return new ScrubFinding(ReasoningEfforts.FIELD, Reason.REFUSED);
		}
		if (!(value instanceof String effort)) {
			return new ScrubFinding(ReasoningEfforts.FIELD, Reason.UNKNOWN_VALUE);
		}
		if (model.reasoningEfforts().contains(effort) && !rejectedValues.contains(effort)) {
			return null;
		}
		return new ScrubFinding(ReasoningEfforts.FIELD,
				rejectedValues.contains(effort) ? Reason.LEARNED : Reason.UNKNOWN_VALUE,
				ReasoningEfforts.isEffort(effort) ? effort.strip() : null,
				ReasoningEfforts.nearest(effort, model.reasoningEfforts(), rejectedValues));
	}

}
