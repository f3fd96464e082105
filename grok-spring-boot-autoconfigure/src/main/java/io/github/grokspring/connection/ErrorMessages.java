package io.github.grokspring.connection;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * Creates messages of errors: what happened, for which model, and what to do.
 */
final class ErrorMessages {

	private ErrorMessages() {
	}

	static String format(ErrorKind kind, String detail, @Nullable String model, @Nullable String parameter,
			@Nullable String path) {
		String details = " (" + detail + "). ";
		String named = (model != null) ? " '" + LogSanitizer.sanitize(model) + "'" : "";
		String forModel = (model != null) ? " for model" + named : "";
		return switch (kind) {
			case INVALID_API_KEY -> "xAI rejected the API key" + details
					+ "Check 'grok.api-key' or XAI_API_KEY. Create keys at https://console.x.ai.";
			case MISSING_API_KEY -> "xAI received the request without an API key" + details
					+ "Set 'grok.api-key' or XAI_API_KEY. Create keys at https://console.x.ai.";
			case INSUFFICIENT_CREDITS -> "The xAI team has no credits or licenses left, or reached its spending limit"
					+ details + "Add credits or raise the limit at https://console.x.ai. Retrying does not help.";
			case PERMISSION_DENIED -> "The API key has no permission for this request" + forModel + details
					+ "Check the endpoints and models that are enabled for the key at https://console.x.ai.";
			case SAFETY_REFUSAL -> "xAI refused the content of the request" + forModel + details
					+ "The API key is valid; change the prompt.";
			case MODEL_NOT_FOUND -> "The model" + named + " does not exist or is not available to this team" + details
					+ "Check the name of the model ('grok.chat.model', 'grok.clients.<name>.model').";
			case UNSUPPORTED_PARAMETER -> "The model" + named + " does not support "
					+ ((parameter != null) ? "'" + parameter + "'" : "a parameter") + details
					+ "Remove it for this model, or choose another model.";
			case CONTEXT_TOO_LONG -> "The prompt exceeds the context window of the model" + named + details
					+ "Shorten the conversation or choose a model with a larger context window.";
			case FEATURE_REMOVED -> "xAI has removed a feature that the request uses" + details
					+ "Live search was replaced by server-side tools: remove 'search_parameters', and set 'grok.chat.tools.web-search.enabled' or add ServerTool.webSearch() to the options.";
			case UNDECRYPTABLE_REASONING ->
				"xAI could not decrypt the encrypted reasoning in the conversation" + forModel + details
						+ "It was created with another key, team or model. Remove it from the conversation.";
			case INVALID_REQUEST ->
				"xAI rejected the request" + ((path != null) ? " to " + path : "") + forModel + details
						+ (detail.startsWith("404")
								? "Check 'grok.base-url', which ends with /v1, and IDs in the request."
								: "Retrying does not help.");
			case RATE_LIMITED -> "The rate limit of xAI was reached" + forModel + details
					+ "Retry later, or reduce the load. See your limits at https://console.x.ai.";
			case SERVER_ERROR -> "xAI failed internally" + forModel + details + "Retry later.";
			case OVERLOADED -> "xAI is overloaded or unavailable" + forModel + details + "Retry later.";
			case TIMEOUT -> "xAI timed out" + forModel + details + "Retry later.";
			default -> "xAI returned an unknown error" + forModel + details
					+ "Check 'grok.base-url' and any proxy or gateway between the application and xAI.";
		};
	}

}
