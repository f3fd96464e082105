package io.github.grokspring.connection;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * Which {@link ErrorKind} an error is: by what it says first, by its code second, by its
 * status last, because xAI uses one status for many things (a wrong key comes with 400,
 * an empty account, a refused prompt and a missing right with 403).
 */
final class ErrorKinds {

	private static final Pattern REFUSED_KEY = Pattern.compile("(incorrect|invalid|wrong|unknown) (x?ai )?api[ -]key"
			+ "|api[ -]key\\b.{0,80}\\b(blocked|disabled|expired|revoked|deleted|invalid|incorrect|not valid|not exist)"
			+ "|(blocked|disabled|expired|revoked) (x?ai )?api[ -]key|access token could not be validated");

	private static final Pattern NO_CREDITS = Pattern
		.compile("\\bcredits\\b|spending[ -]limit|\\blicen[sc]es\\b|free-usage-exhausted|insufficient[ -]quota");

	private static final Pattern REFUSED_CONTENT = Pattern
		.compile("violates (our |the )?(xai )?usage guidelines|safety-check|content-filter|content-policy");

	private static final Pattern NOT_DECRYPTED = Pattern
		.compile("could not decrypt the provided encrypted-content|could not decode the compaction blob");

	private static final Pattern TOO_LONG = Pattern
		.compile("maximum prompt length|maximum context length|context[ -](length|window)[ -]?exceed"
				+ "|exceeds?.{0,40}context (length|window)");

	private static final Pattern NO_MODEL = Pattern
		.compile("\\bmodel\\b.{0,120}\\b(does not exist|not found|deprecated on|no longer (accessible|available)"
				+ "|not have access to it)|model-not-found");

	private static final Pattern UNAVAILABLE = Pattern
		.compile("timed out waiting for first token|(currently|temporarily) unavailable|overloaded"
				+ "|at (full )?capacity|did not respond to this request");

	private static final Pattern LIMITED = Pattern
		.compile("too many (requests|tokens)|rate[ -]limit|resource-exhausted|resource has been exhausted");

	private static final Pattern REMOVED = Pattern.compile("live search is deprecated");

	/** Where a parameter is named; the text keeps its case for these. */
	private static final Pattern[] PARAMETER = {
			Pattern.compile("does not support (?:the )?parameters?:? [`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)argument not supported[^:]{0,80}: ?[`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)unsupported value:? [`'\"]?([A-Za-z_][\\w.]*)[`'\"]? does not support"),
			Pattern.compile("does not support [`'\"]([A-Za-z_][\\w.]*)[`'\"]"),
			Pattern.compile("(?i)(?:unsupported|unrecognized|unknown) (?:parameter|argument|request argument)"
					+ "(?: supplied)?:? [`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)parameter [`'\"]?([A-Za-z_][\\w.]*)[`'\"]? is not supported"),
			Pattern.compile("(?i)invalid [`'\"]?(reasoning[ _.]effort)") };

	/** Where a value of a parameter is named that is known otherwise. */
	private static final Pattern[] PARAMETER_VALUE = {
			Pattern.compile("does not support [`'\"]?\\w+[`'\"]? values?:? [`'\"]?(\\w+)"),
			Pattern.compile("(?i)unsupported value:? [`'\"]?[\\w.]+[`'\"]? does not support [`'\"]?(\\w+(?:\\.\\w+)?)"),
			Pattern.compile("(?i)invalid [`'\"]?reasoning[ _.]effort[`'\"]?(?: values?)?:? [`'\"](\\w+)"),
			Pattern.compile("(?i)invalid reasoning[ _.]effort: (none|minimal|low|medium|high|xhigh|max)\\b") };

	/** Where it is said that a value is refused, named or not. */
	private static final Pattern REFUSED_VALUE = Pattern.compile(
			"(?i)does not support [`'\"]?\\w+[`'\"]? values?\\b|unsupported value\\b|invalid [`'\"]?reasoning[ _.]effort");

	private static final Pattern REACHED_LIMIT = Pattern
		.compile("\\b(\\w+ per \\w+) \\(actual/limit\\): (\\d{1,18})/(\\d{1,18})\\b");

	private static final int LONGEST_CODE = 80;

	private static final Pattern NUMERIC_CODE = Pattern.compile("[45]\\d\\d");

	private ErrorKinds() {
	}

	/**
	 * The kind of an error.
	 * @param status the status it came with, 200 included
	 * @param body what it says
	 * @param path what was asked for below the base URL, or {@code null}
	 * @return the kind
	 */
	static ErrorKind of(int status, ErrorBody body, @Nullable String path) {
		String text = body.text().toLowerCase(Locale.ROOT);
		String code = (body.code() != null) ? body.code().toLowerCase(Locale.ROOT).replace('_', '-') : "";
		if (body.html()) {
			return ofStatus(status, path);
		}
		return of(NUMERIC_CODE.matcher(code).matches() ? Integer.parseInt(code) : status, code, text, body, path);
	}

	private static ErrorKind of(int status, String code, String text, ErrorBody body, @Nullable String path) {
		String both = code + " " + text;
		String codeAndHyphens = both.replace('_', '-');
		if (NO_CREDITS.matcher(codeAndHyphens).find()) {
			return ErrorKind.INSUFFICIENT_CREDITS;
		}
		if (REFUSED_CONTENT.matcher(codeAndHyphens).find()) {
			return ErrorKind.SAFETY_REFUSAL;
		}
		if (both.contains("no-credentials") || text.contains("no credentials")
				|| text.contains("no or an invalid authentication header")) {
			return ErrorKind.MISSING_API_KEY;
		}
		if (REFUSED_KEY.matcher(codeAndHyphens).find() || code.contains("bad-credentials")
				|| code.equals("invalid-api-key")) {
			return ErrorKind.INVALID_API_KEY;
		}
		if (status < 500 && NOT_DECRYPTED.matcher(codeAndHyphens).find()) {
			return ErrorKind.UNDECRYPTABLE_REASONING;
		}
		if (TOO_LONG.matcher(codeAndHyphens).find()) {
			return ErrorKind.CONTEXT_TOO_LONG;
		}
		if (REMOVED.matcher(text).find() || status == 410) {
			return ErrorKind.FEATURE_REMOVED;
		}
		if (parameter(body) != null) {
			return ErrorKind.UNSUPPORTED_PARAMETER;
		}
		if (NO_MODEL.matcher(codeAndHyphens).find()) {
			return ErrorKind.MODEL_NOT_FOUND;
		}
		if (UNAVAILABLE.matcher(both).find()) {
			return ErrorKind.OVERLOADED;
		}
		if (LIMITED.matcher(codeAndHyphens).find() || status == 429) {
			return ErrorKind.RATE_LIMITED;
		}
		ErrorKind kind = ofCode(code, path);
		if (kind == null && status < 300 && !both.isBlank()) {
			// The request was accepted, so whatever failed failed over there.
			return ErrorKind.SERVER_ERROR;
		}
		return (kind != null) ? kind : ofStatus(status, path);
	}

	/**
	 * Whether a code is one of xAI's own.
	 * @param code the code
	 * @param path what was asked for below the base URL, or {@code null}
	 * @return whether it is known
	 */
	static boolean isCode(String code, @Nullable String path) {
		String known = code.toLowerCase(Locale.ROOT).replace('_', '-');
		return known.length() <= LONGEST_CODE && ofCode(known, path) != null;
	}

	/**
	 * The parameter that an error refuses.
	 * @param body what the error says
	 * @return its name in snake case, or {@code null} if the error refuses none
	 */
	static @Nullable String parameter(ErrorBody body) {
		String code = (body.code() != null) ? body.code().toLowerCase(Locale.ROOT).replace('-', '_') : "";
		if (body.parameter() != null && code.startsWith("unsupported_")) {
			return snakeCase(body.parameter());
		}
		for (Pattern pattern : PARAMETER) {
			Matcher matcher = pattern.matcher(body.text());
			if (matcher.find()) {
				return snakeCase(matcher.group(1));
			}
		}
		return null;
	}

	/**
	 * The value of a parameter that an error refuses, when it refuses no more than that.
	 * @param body what the error says
	 * @return the value, empty if the error does not name it, or {@code null} if the
	 * error is not about one
	 */
	static @Nullable String parameterValue(ErrorBody body) {
		for (Pattern pattern : PARAMETER_VALUE) {
			Matcher matcher = pattern.matcher(body.text());
			if (matcher.find()) {
				return matcher.group(1);
			}
		}
		boolean value = REFUSED_VALUE.matcher(body.text()).find()
				|| (body.code() != null && "unsupported-value".equalsIgnoreCase(body.code().replace('_', '-')));
		return value ? "" : null;
	}

	/**
	 * The limit that an error says was reached.
	 * @param body what the error says
	 * @return the limit, or {@code null} if the error tells no numbers
	 */
	static @Nullable ReachedLimit limit(ErrorBody body) {
		Matcher matcher = REACHED_LIMIT.matcher(body.text());
		return matcher.find()
				? new ReachedLimit(matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)))
				: null;
	}

	private static @Nullable ErrorKind ofCode(String code, @Nullable String path) {
		return switch (code) {
			case "permission-denied", "the caller does not have permission to execute the specified operation" ->
				ErrorKind.PERMISSION_DENIED;
			case "unauthenticated", "unauthorized" -> ErrorKind.INVALID_API_KEY;
			case "not-found", "some requested entity was not found" -> missing(path);
			case "unavailable", "the service is currently unavailable" -> ErrorKind.OVERLOADED;
			case "internal", "internal error", "internal-error", "server-error", "internal-server-error" ->
				ErrorKind.SERVER_ERROR;
			case "invalid-argument", "client specified an invalid argument", "invalid-request-error", "invalid-prompt",
					"failed-precondition", "out-of-range", "invalid-image" ->
				ErrorKind.INVALID_REQUEST;
			case "deadline-exceeded", "timeout" -> ErrorKind.TIMEOUT;
			default -> code.startsWith("the request does not have valid authentication credentials")
					? ErrorKind.INVALID_API_KEY : null;
		};
	}

	private static ErrorKind ofStatus(int status, @Nullable String path) {
		return switch (status) {
			case 400, 405, 409, 411, 413, 414, 415, 416, 422, 431 -> ErrorKind.INVALID_REQUEST;
			case 401 -> ErrorKind.INVALID_API_KEY;
			case 402 -> ErrorKind.INSUFFICIENT_CREDITS;
			case 403 -> ErrorKind.PERMISSION_DENIED;
			case 404 -> missing(path);
			case 408 -> ErrorKind.TIMEOUT;
			case 410 -> ErrorKind.FEATURE_REMOVED;
			case 429 -> ErrorKind.RATE_LIMITED;
			case 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 530 -> ErrorKind.OVERLOADED;
			// A certificate of xAI that Cloudflare refuses does not heal by asking again.
			case 525, 526 -> ErrorKind.UNKNOWN;
			default -> (status >= 500) ? ErrorKind.SERVER_ERROR : ErrorKind.UNKNOWN;
		};
	}

	private static ErrorKind missing(@Nullable String path) {
		boolean model = path != null && (path.startsWith("/models/") || path.startsWith("/language-models/"));
		return model ? ErrorKind.MODEL_NOT_FOUND : ErrorKind.INVALID_REQUEST;
	}

	private static String snakeCase(String name) {
		String trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		return trimmed.replace(' ', '_').replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
	}

}
