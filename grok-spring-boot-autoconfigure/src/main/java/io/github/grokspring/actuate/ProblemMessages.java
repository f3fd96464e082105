package io.github.grokspring.actuate;

import io.github.grokspring.actuate.ProbeResult.Problem;
import io.github.grokspring.error.ErrorKind;

/**
 * What is said about failures. All words are ours: what xAI, or who answers in its place,
 * says may hold anything.
 */
final class ProblemMessages {

	private static final String CONSOLE = " at https://console.x.ai.";

	private static final String WAIT = "Wait; https://status.x.ai tells of outages.";

	private static final String NETWORK = "Check 'grok.base-url', the network, and 'grok.http.proxy' if there is one.";

	private ProblemMessages() {
	}

	static Problem of(ErrorKind kind, int status) {
		return Problem.of(kind, status, what(kind, status), action(kind, status));
	}

	static Problem keyBlocked() {
		return Problem.of(ErrorKind.INVALID_API_KEY, 0, "The API key is blocked",
				"Unblock it, or make another," + CONSOLE);
	}

	static Problem keyDisabled() {
		return Problem.of(ErrorKind.INVALID_API_KEY, 0, "The API key is disabled",
				"Enable it, or make another," + CONSOLE);
	}

	static Problem teamBlocked() {
		return Problem.of(ErrorKind.PERMISSION_DENIED, 0, "The xAI team of the API key is blocked",
				"Ask for the reason" + CONSOLE);
	}

	/**
	 * Something answered that does not talk like xAI.
	 */
	static Problem notXai(String path) {
		return Problem.of(ErrorKind.UNKNOWN, 0, "What answers to " + path + " is not xAI",
				"Check 'grok.base-url' and what stands between the application and xAI.");
	}

	static Problem failed(String path) {
		return Problem.of(ErrorKind.UNKNOWN, 0, "The request to " + path + " could not be made",
				"Look into the log, and check where the API key comes from.");
	}

	private static String what(ErrorKind kind, int status) {
		return switch (kind) {
			case INVALID_API_KEY -> "xAI refuses the API key";
			case MISSING_API_KEY -> "There is no API key";
			case INSUFFICIENT_CREDITS ->
				"The xAI team has no credits or licenses left, or has reached its spending limit";
			case PERMISSION_DENIED -> "The API key may not do what is asked";
			case RATE_LIMITED -> "xAI takes no more requests for the moment";
			case SERVER_ERROR -> "xAI fails";
			case OVERLOADED -> "xAI is overloaded or unavailable";
			case TIMEOUT -> "xAI does not answer in time";
			case CONNECTION -> "There is no connection to xAI";
			case STREAM_BROKEN -> "The connection to xAI breaks";
			default -> (status == 404) ? "What answers does not know the paths of xAI"
					: "What answers says something that is not known of xAI";
		};
	}

	private static String action(ErrorKind kind, int status) {
		return switch (kind) {
			case INVALID_API_KEY -> "Check 'grok.api-key' or XAI_API_KEY; keys are made" + CONSOLE;
			case MISSING_API_KEY ->
				"Set 'grok.api-key' or XAI_API_KEY; if it is set, look into the log for why it cannot be had, and check that nothing on the way removes it.";
			case INSUFFICIENT_CREDITS -> "Add credits or raise the limit" + CONSOLE;
			case PERMISSION_DENIED -> "Check what the key is allowed, and whether it or its team is blocked," + CONSOLE;
			case RATE_LIMITED -> "Send less at once, such as with 'grok.rate-limit'; limits are shown" + CONSOLE;
			case SERVER_ERROR, OVERLOADED -> WAIT;
			case TIMEOUT, CONNECTION, STREAM_BROKEN -> NETWORK + " " + WAIT;
			default -> (status == 404) ? "Check 'grok.base-url', which ends with /v1."
					: "Check 'grok.base-url' and what stands between the application and xAI.";
		};
	}

}
