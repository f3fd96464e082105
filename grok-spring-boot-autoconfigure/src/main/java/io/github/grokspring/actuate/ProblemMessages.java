package io.github.grokspring.actuate;

import io.github.grokspring.actuate.ProbeResult.Problem;
import io.github.grokspring.error.ErrorKind;

/**
 * Messages about failed probes. They contain no text of responses, which may be
 * sensitive.
 */
final class ProblemMessages {

	private static final String CONSOLE = " at https://console.x.ai.";

	private static final String WAIT = "Wait; see https://status.x.ai for outages.";

	private static final String NETWORK = "Check 'grok.base-url', the network, and 'grok.http.proxy' if you use a proxy.";

	private ProblemMessages() {
	}

	static Problem of(ErrorKind kind, int status) {
		return Problem.of(kind, status, description(kind, status), action(kind, status));
	}

	static Problem keyBlocked() {
		return Problem.of(ErrorKind.INVALID_API_KEY, 0, "The API key is blocked",
				"Unblock it or create another one" + CONSOLE);
	}

	static Problem keyDisabled() {
		return Problem.of(ErrorKind.INVALID_API_KEY, 0, "The API key is disabled",
				"Enable it or create another one" + CONSOLE);
	}

	static Problem teamBlocked() {
		return Problem.of(ErrorKind.PERMISSION_DENIED, 0, "The xAI team of the API key is blocked",
				"Ask for the reason" + CONSOLE);
	}

	static Problem notXai(String path) {
		return Problem.of(ErrorKind.UNKNOWN, 0, "The response to " + path + " is not from xAI",
				"Check 'grok.base-url' and any proxy or gateway in front of xAI.");
	}

	static Problem requestFailed(String path) {
		return Problem.of(ErrorKind.UNKNOWN, 0, "The request to " + path + " failed",
				"See the log, and check the source of the API key.");
	}

	private static String description(ErrorKind kind, int status) {
		return switch (kind) {
			case INVALID_API_KEY -> "xAI rejects the API key";
			case MISSING_API_KEY -> "There is no API key";
			case INSUFFICIENT_CREDITS ->
				"The xAI team has no credits or licenses left, or has reached its spending limit";
			case PERMISSION_DENIED -> "The API key lacks a permission";
			case RATE_LIMITED -> "xAI rejects requests because of a rate limit";
			case SERVER_ERROR -> "xAI responds with a server error";
			case OVERLOADED -> "xAI is overloaded or unavailable";
			case TIMEOUT -> "xAI does not respond in time";
			case CONNECTION -> "There is no connection to xAI";
			case STREAM_BROKEN -> "The connection to xAI was interrupted";
			default ->
				(status == 404) ? "The server does not know the path of the request" : "The server responds unlike xAI";
		};
	}

	private static String action(ErrorKind kind, int status) {
		return switch (kind) {
			case INVALID_API_KEY -> "Check 'grok.api-key' or XAI_API_KEY; create keys" + CONSOLE;
			case MISSING_API_KEY ->
				"Set 'grok.api-key' or XAI_API_KEY. If it is set, see the log, and check that no proxy removes it.";
			case INSUFFICIENT_CREDITS -> "Add credits or raise the limit" + CONSOLE;
			case PERMISSION_DENIED ->
				"Check the permissions of the key, and whether the key or its team is blocked," + CONSOLE;
			case RATE_LIMITED -> "Send fewer requests, for example with 'grok.rate-limit'; see your limits" + CONSOLE;
			case SERVER_ERROR, OVERLOADED -> WAIT;
			case TIMEOUT, CONNECTION, STREAM_BROKEN -> NETWORK + " " + WAIT;
			default -> (status == 404) ? "Check 'grok.base-url', which must end with /v1."
					: "Check 'grok.base-url' and any proxy or gateway in front of xAI.";
		};
	}

}
