package io.github.grokspring.connection;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * Classifies errors by message, code and status. xAI uses one status for several kinds of
 * errors: 400 also for an invalid API key, and 403 for an empty account, refused content
 * and missing permissions. Within a status, the message decides. Only known messages of
 * xAI with their known statuses are considered, and quoted text is ignored.
 */
final class ErrorClassifier {

	/** xAI's own words come first; longer texts contain quotations. */
	private static final int MAX_LENGTH = 4_000;

	private static final Pattern INVALID_KEY = Pattern.compile("(incorrect|invalid|wrong|unknown) (x?ai )?api[ -]key"
			+ "|api[ -]key\\b.{0,80}\\b(blocked|disabled|expired|revoked|deleted|invalid|incorrect|not valid|not exist)"
			+ "|(blocked|disabled|expired|revoked) (x?ai )?api[ -]key|access token could not be validated");

	private static final Pattern INVALID_KEY_AT_START = Pattern
		.compile("^(incorrect|invalid|wrong|unknown) (x?ai )?api[ -]key\\b"
				+ "|^(the|your) (x?ai )?api[ -]key\\b.{0,40}\\b(blocked|disabled|expired|revoked|deleted|invalid|incorrect)");

	private static final Pattern MISSING_KEY = Pattern.compile("no credentials|no or an invalid authentication header");

	private static final Pattern NO_CREDITS = Pattern
		.compile("(?<![\\w.-])(credits|licen[sc]es)(?![\\w-])" + "|(?<![\\w.-])spending[ -]limit\\b");

	/** Stricter than NO_CREDITS, because rate limit errors may advise buying credits. */
	private static final Pattern OUT_OF_CREDITS = Pattern.compile(
			"(used|consumed|exhausted) (all|your|its)\\b.{0,40}\\bcredits|(reached|exceeded).{0,40}\\bspending[ -]limit"
					+ "|(run|ran) out of credits|\\bno (more |remaining )?credits|n[o'\u2019]t have (any|enough) credits"
					+ "|insufficient (credits|quota|balance)|credits?\\b.{0,40}\\b(exhausted|depleted|too low)|exceeded your current quota");

	private static final Pattern SAFETY_REFUSAL = Pattern
		.compile("violates (our |the )?(xai )?usage guidelines|failed check: safety[_-]check");

	private static final Pattern UNDECRYPTABLE = Pattern
		.compile("(^|[:.] )could not (decrypt the provided encrypted[_ ]content|decode the compaction blob)");

	private static final Pattern CONTEXT_TOO_LONG = Pattern.compile("maximum (prompt|context) length is \\d"
			+ "|context[ -](length|window)[ -]?exceed|exceeds?.{0,40}context (length|window)");

	private static final Pattern FEATURE_REMOVED = Pattern.compile("^live search is deprecated");

	private static final Pattern MODEL_NOT_FOUND = Pattern
		.compile("^(model not found\\b|the model:? \\S* ?(does not exist|was deprecated on|is no longer accessible))");

	/** Less strict than MODEL_NOT_FOUND, for status 404. */
	private static final Pattern MODEL_NOT_FOUND_LENIENT = Pattern
		.compile("^(the |requested )*model:? \\S* ?(is |was )?(not exist|does not exist|not found|deprecated on"
				+ "|no longer (accessible|available)|not accessible)");

	private static final Pattern UNAVAILABLE = Pattern
		.compile("timed out waiting for first token|(currently|temporarily) unavailable|overloaded"
				+ "|at (full )?capacity|did not respond to this request");

	private static final Pattern RATE_LIMITED = Pattern
		.compile("^too many (requests|tokens)|\\brate limit (is |was |has been )?(reached|exceeded)");

	/** Text of the request or the account. */
	private static final Pattern QUOTED = Pattern.compile("\"[^\"]*+(\"|$)|`[^`]*+(`|$)|[\u201c\u201e][^\u201d]*+\u201d"
			+ "|(?<!\\w)'[^']*+(?:'(?=\\w)[^']*+)*+'|\\b\\w+\\[[^\\]]*+\\][\\w.\\[\\]$-]*+");

	/** Location within the request, which is not a parameter. */
	private static final Pattern REQUEST_PATH = Pattern.compile("\\b(tools|messages|input)\\[");

	/** Names of rejected parameters, matched in their original case. */
	private static final Pattern[] PARAMETER = {
			Pattern.compile("does not support (?:the )?parameters?:? [`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)argument not supported[^:]{0,80}: ?[`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)unsupported value:? [`'\"]?([A-Za-z_][\\w.]*)[`'\"]? does not support"),
			Pattern.compile("does not support [`'\"]([A-Za-z_][\\w.]*)[`'\"]"),
			Pattern.compile("(?i)(?:unsupported|unrecognized|unknown) (?:parameter|argument|request argument)"
					+ "(?: supplied)?:? [`'\"]?([A-Za-z_][\\w.]*)"),
			Pattern.compile("(?i)parameter [`'\"]?([A-Za-z_][\\w.]*)[`'\"]? is not supported"),
			Pattern.compile("(?i)invalid [`'\"]?(reasoning[ _.]effort)") };

	/** Rejected values of supported parameters. */
	private static final Pattern[] PARAMETER_VALUE = {
			Pattern.compile("does not support [`'\"]?\\w+[`'\"]? values?:? [`'\"]?(\\w+)"),
			Pattern.compile("(?i)unsupported value:? [`'\"]?[\\w.]+[`'\"]? does not support [`'\"]?(\\w+(?:\\.\\w+)?)"),
			Pattern.compile("(?i)invalid [`'\"]?reasoning[ _.]effort[`'\"]?(?: values?)?:? [`'\"](\\w+)"),
			Pattern.compile("(?i)invalid reasoning[ _.]effort: (none|minimal|low|medium|high|xhigh|max)\\b") };

	/** Rejection of a value, whether or not it is named. */
	private static final Pattern REJECTED_VALUE = Pattern.compile(
			"(?i)does not support [`'\"]?\\w+[`'\"]? values?\\b|unsupported value\\b|invalid [`'\"]?reasoning[ _.]effort");

	private static final Pattern REACHED_LIMIT = Pattern
		.compile("\\b(\\w+ per \\w+) \\(actual/limit\\): (\\d{1,18})/(\\d{1,18})\\b");

	/** Replaces quoted text. */
	private static final char MASK = '\0';

	private static final Pattern NUMERIC_CODE = Pattern.compile("[45]\\d\\d");

	private ErrorClassifier() {
	}

	static ErrorKind classify(int status, ErrorBody body, @Nullable String path) {
		if (body.html()) {
			return fromStatus(status, path);
		}
		String code = (body.code() != null) ? body.code().toLowerCase(Locale.ROOT).replace('_', '-') : "";
		if (NUMERIC_CODE.matcher(code).matches()) {
			return new Classification(Integer.parseInt(code), 0, code, body, path).kind();
		}
		return new Classification(status, statusOf(code), code, body, path).kind();
	}

	static boolean isKnownCode(String code, @Nullable String path) {
		String normalized = code.toLowerCase(Locale.ROOT).replace('_', '-');
		return fromKnownCode(normalized, path) != null;
	}

	/**
	 * Returns the parameter that an error rejects.
	 * @return the name in snake case, or {@code null} if no parameter was rejected
	 */
	static @Nullable String parameter(ErrorBody body) {
		String code = (body.code() != null) ? body.code().toLowerCase(Locale.ROOT).replace('-', '_') : "";
		if (body.parameter() != null && code.startsWith("unsupported_")) {
			return snakeCase(body.parameter());
		}
		String text = truncate(body.text());
		if (REQUEST_PATH.matcher(text).find()) {
			return null;
		}
		String unquoted = withoutQuotes(text);
		for (Pattern pattern : PARAMETER) {
			Matcher matcher = pattern.matcher(text);
			while (matcher.find()) {
				if (unquoted.charAt(matcher.start()) != MASK) {
					return snakeCase(matcher.group(1));
				}
			}
		}
		return null;
	}

	/**
	 * Returns the value that an error rejects if the parameter itself is supported.
	 * @return the value, an empty string if the error does not name it, or {@code null}
	 * if no value was rejected
	 */
	static @Nullable String parameterValue(ErrorBody body) {
		for (Pattern pattern : PARAMETER_VALUE) {
			Matcher matcher = pattern.matcher(body.text());
			if (matcher.find()) {
				return matcher.group(1);
			}
		}
		boolean valueRejected = REJECTED_VALUE.matcher(body.text()).find()
				|| (body.code() != null && "unsupported-value".equalsIgnoreCase(body.code().replace('_', '-')));
		return valueRejected ? "" : null;
	}

	static @Nullable ReachedLimit limit(ErrorBody body) {
		Matcher matcher = REACHED_LIMIT.matcher(body.text());
		return matcher.find()
				? new ReachedLimit(matcher.group(1), Long.parseLong(matcher.group(2)), Long.parseLong(matcher.group(3)))
				: null;
	}

	private static String truncate(String text) {
		return (text.length() <= MAX_LENGTH) ? text : text.substring(0, MAX_LENGTH);
	}

	// Keeps the length, so that positions remain comparable
	private static String withoutQuotes(String text) {
		return QUOTED.matcher(text).replaceAll((quoted) -> String.valueOf(MASK).repeat(quoted.group().length()));
	}

	// In a stream only the code is available, not the status
	private static int statusOf(String code) {
		return switch (code) {
			case "invalid-argument", "client specified an invalid argument", "invalid-request-error",
					"failed-precondition", "out-of-range" ->
				400;
			case "permission-denied", "the caller does not have permission to execute the specified operation" -> 403;
			case "not-found", "some requested entity was not found" -> 404;
			case "resource-exhausted", "some resource has been exhausted" -> 429;
			case "internal", "internal error", "internal-error", "server-error", "internal-server-error" -> 500;
			case "unavailable", "the service is currently unavailable" -> 503;
			default -> (code.startsWith("unauthenticated")
					|| code.startsWith("the request does not have valid authentication credentials")) ? 401 : 0;
		};
	}

	private static @Nullable ErrorKind fromCode(String code, @Nullable String path) {
		ErrorKind known = fromKnownCode(code, path);
		if (known != null) {
			return known;
		}
		if (code.contains("spending-limit") || code.contains("free-usage-exhausted")) {
			return ErrorKind.INSUFFICIENT_CREDITS;
		}
		if (code.contains("no-credentials")) {
			return ErrorKind.MISSING_API_KEY;
		}
		if (code.contains("rate-limit")) {
			return ErrorKind.RATE_LIMITED;
		}
		boolean invalidKey = code.contains("bad-credentials")
				|| code.startsWith("the request does not have valid authentication credentials");
		return invalidKey ? ErrorKind.INVALID_API_KEY : null;
	}

	private static @Nullable ErrorKind fromKnownCode(String code, @Nullable String path) {
		return switch (code) {
			case "permission-denied", "the caller does not have permission to execute the specified operation" ->
				ErrorKind.PERMISSION_DENIED;
			case "unauthenticated", "unauthenticated:bad-credentials", "bad-credentials", "unauthorized",
					"invalid-api-key" ->
				ErrorKind.INVALID_API_KEY;
			case "unauthenticated:no-credentials", "no-credentials" -> ErrorKind.MISSING_API_KEY;
			case "insufficient-quota", "insufficient-credits", "subscription:free-usage-exhausted",
					"personal-team-blocked:spending-limit" ->
				ErrorKind.INSUFFICIENT_CREDITS;
			case "content-filter", "content-policy-violation" -> ErrorKind.SAFETY_REFUSAL;
			case "context-length-exceeded" -> ErrorKind.CONTEXT_TOO_LONG;
			case "model-not-found" -> ErrorKind.MODEL_NOT_FOUND;
			case "resource-exhausted", "some resource has been exhausted", "rate-limit-exceeded", "rate-limit-error",
					"too-many-requests" ->
				ErrorKind.RATE_LIMITED;
			case "not-found", "some requested entity was not found" -> notFound(path);
			case "unavailable", "the service is currently unavailable" -> ErrorKind.OVERLOADED;
			case "internal", "internal error", "internal-error", "server-error", "internal-server-error" ->
				ErrorKind.SERVER_ERROR;
			case "invalid-argument", "client specified an invalid argument", "invalid-request-error", "invalid-prompt",
					"failed-precondition", "out-of-range", "invalid-image" ->
				ErrorKind.INVALID_REQUEST;
			case "deadline-exceeded", "timeout" -> ErrorKind.TIMEOUT;
			default -> null;
		};
	}

	private static ErrorKind fromStatus(int status, @Nullable String path) {
		return switch (status) {
			case 400, 405, 409, 411, 413, 414, 415, 416, 422, 431 -> ErrorKind.INVALID_REQUEST;
			case 401 -> ErrorKind.INVALID_API_KEY;
			case 402 -> ErrorKind.INSUFFICIENT_CREDITS;
			case 403 -> ErrorKind.PERMISSION_DENIED;
			case 404 -> notFound(path);
			case 408 -> ErrorKind.TIMEOUT;
			case 425 -> ErrorKind.OVERLOADED;
			case 410 -> ErrorKind.FEATURE_REMOVED;
			case 429 -> ErrorKind.RATE_LIMITED;
			case 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 530 -> ErrorKind.OVERLOADED;
			// Cloudflare rejects the certificate of xAI; a retry does not help
			case 525, 526 -> ErrorKind.UNKNOWN;
			default -> (status >= 500) ? ErrorKind.SERVER_ERROR : ErrorKind.UNKNOWN;
		};
	}

	private static ErrorKind notFound(@Nullable String path) {
		boolean modelPath = path != null && (path.startsWith("/models/") || path.startsWith("/language-models/"));
		return modelPath ? ErrorKind.MODEL_NOT_FOUND : ErrorKind.INVALID_REQUEST;
	}

	private static String snakeCase(String name) {
		String trimmed = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
		return trimmed.replace(' ', '_').replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
	}

	/**
	 * Classification of one error.
	 *
	 * @param status the status of the response
	 * @param codeStatus the status that belongs to the code, or 0 if unknown
	 * @param code the code in lower case with hyphens, may be empty
	 * @param body the parsed error
	 * @param path the path relative to the base URL, or {@code null}
	 */
	private record Classification(int status, int codeStatus, String code, ErrorBody body, @Nullable String path) {

		ErrorKind kind() {
			String message = withoutQuotes(truncate(this.body.text())).toLowerCase(Locale.ROOT);
			ErrorKind messageKind = (this.status == 410) ? ErrorKind.FEATURE_REMOVED : fromMessage(message);
			if (messageKind != null) {
				return messageKind;
			}
			ErrorKind kind = fromCode(this.code, this.path);
			if (this.status == 429 && kind != ErrorKind.INSUFFICIENT_CREDITS) {
				return ErrorKind.RATE_LIMITED;
			}
			if (kind == null && this.status < 300 && (this.body.failed() || !(this.code + message).isBlank())) {
				// The request was accepted, so the server failed
				return ErrorKind.SERVER_ERROR;
			}
			return (kind != null) ? kind : fromStatus(this.status, this.path);
		}

		// A successful status without a known code permits any message
		private boolean hasStatus(int... statuses) {
			return (this.status < 300 && this.codeStatus == 0)
					|| IntStream.of(statuses).anyMatch((status) -> status == this.status || status == this.codeStatus);
		}

		private @Nullable ErrorKind fromMessage(String message) {
			if (hasStatus(400, 403) && SAFETY_REFUSAL.matcher(message).find()) {
				return ErrorKind.SAFETY_REFUSAL;
			}
			if ((hasStatus(402, 403) && NO_CREDITS.matcher(message).find())
					|| (hasStatus(429) && OUT_OF_CREDITS.matcher(message).find())) {
				return ErrorKind.INSUFFICIENT_CREDITS;
			}
			if (hasStatus(401) && MISSING_KEY.matcher(message).find()) {
				return ErrorKind.MISSING_API_KEY;
			}
			if ((hasStatus(400) && INVALID_KEY_AT_START.matcher(message).find())
					|| (hasStatus(401, 403) && INVALID_KEY.matcher(message).find())) {
				return ErrorKind.INVALID_API_KEY;
			}
			if (hasStatus(400, 422) && UNDECRYPTABLE.matcher(message).find()) {
				return ErrorKind.UNDECRYPTABLE_REASONING;
			}
			if (hasStatus(400, 413) && CONTEXT_TOO_LONG.matcher(message).find()) {
				return ErrorKind.CONTEXT_TOO_LONG;
			}
			if (hasStatus(400) && FEATURE_REMOVED.matcher(message).find()) {
				return ErrorKind.FEATURE_REMOVED;
			}
			if (hasStatus(400, 422) && parameter(this.body) != null) {
				return ErrorKind.UNSUPPORTED_PARAMETER;
			}
			if ((hasStatus(400) && MODEL_NOT_FOUND.matcher(message).find())
					|| (hasStatus(404) && MODEL_NOT_FOUND_LENIENT.matcher(message).find())) {
				return ErrorKind.MODEL_NOT_FOUND;
			}
			if ((this.status >= 500 || this.codeStatus >= 500 || hasStatus()) && UNAVAILABLE.matcher(message).find()) {
				return ErrorKind.OVERLOADED;
			}
			return (hasStatus(429) && RATE_LIMITED.matcher(message).find()) ? ErrorKind.RATE_LIMITED : null;
		}

	}

}
