package io.github.grokspring.connection;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ErrorKind;
import org.jspecify.annotations.Nullable;

/**
 * What messages of errors say: what happened, to which model, and what to do.
 */
final class ErrorMessages {

	private ErrorMessages() {
	}

	/**
	 * Word a message.
	 * @param kind the kind of error
	 * @param detail status, code and text of xAI, redacted
	 * @param model the model that was asked, or {@code null}
	 * @param parameter the refused parameter, or {@code null}
	 * @param path what was asked for below the base URL, or {@code null}
	 * @return the message
	 */
	static String format(ErrorKind kind, String detail, @Nullable String model, @Nullable String parameter,
			@Nullable String path) {
		String said = " (" + detail + "). ";
		String named = (model != null) ? " '" + LogSanitizer.sanitize(model) + "'" : "";
		String forModel = (model != null) ? " for model" + named : "";
		return switch (kind) {
			case INVALID_API_KEY -> "xAI refused the API key" + said
					+ "Check 'grok.api-key' or XAI_API_KEY; keys are made at https://console.x.ai.";
			case MISSING_API_KEY -> "The request reached xAI without an API key" + said
					+ "Set 'grok.api-key' or XAI_API_KEY; keys are made at https://console.x.ai.";
			case INSUFFICIENT_CREDITS ->
				"The xAI team has no credits or licenses left, or has reached its spending limit" + said
						+ "Add credits or raise the limit at https://console.x.ai; trying again does not help.";
			case PERMISSION_DENIED -> "The API key may not do this" + forModel + said
					+ "Check the endpoints and models allowed for the key at https://console.x.ai.";
			case SAFETY_REFUSAL -> "xAI refused the content of the request" + forModel + said
					+ "The key is fine; the prompt has to change.";
			case MODEL_NOT_FOUND -> "The model" + named + " does not exist or is not open to this team" + said
					+ "Check the model ('grok.chat.model', 'grok.clients.<name>.model').";
			case UNSUPPORTED_PARAMETER ->
				"The model" + named + " refuses " + ((parameter != null) ? "'" + parameter + "'" : "a parameter") + said
						+ "Leave it out for this model, or choose another model.";
			case CONTEXT_TOO_LONG -> "The prompt is longer than the model" + named + " can read" + said
					+ "Shorten the conversation or choose a model with a larger context window.";
			case FEATURE_REMOVED -> "xAI has removed a feature that the request uses" + said
					+ "Live search is replaced by server-side tools: remove 'search_parameters', and set 'grok.chat.tools.web-search.enabled' or add ServerTool.webSearch() to the options.";
			case UNDECRYPTABLE_REASONING ->
				"xAI could not read the encrypted reasoning that the conversation sends back" + forModel + said
						+ "It was made for another key, team or model: remove it from the conversation.";
			case INVALID_REQUEST ->
				"xAI did not accept the request" + ((path != null) ? " to " + path : "") + forModel + said
						+ (detail.startsWith("404")
								? "Check 'grok.base-url', which ends with /v1, and ids in the request."
								: "Trying again does not help.");
			case RATE_LIMITED -> "The rate limit of xAI is reached" + forModel + said
					+ "Wait and try again, or send less at once; limits are shown at https://console.x.ai.";
			case SERVER_ERROR -> "xAI failed internally" + forModel + said + "Try again later.";
			case OVERLOADED -> "xAI is overloaded or unavailable" + forModel + said + "Try again later.";
			case TIMEOUT -> "xAI gave up waiting" + forModel + said + "Try again later.";
			default -> "xAI answered with an error that is not known" + forModel + said
					+ "Check 'grok.base-url' and what stands between the application and xAI.";
		};
	}

}
