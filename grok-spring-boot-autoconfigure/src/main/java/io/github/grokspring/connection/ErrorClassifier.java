package io.github.grokspring.connection;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

/**
 * Classifies errors by code and status. One status stands for many things at xAI (a wrong
 * key comes with 400, an empty account, refused content and a missing right with 403), so
 * within a status the sentence decides. Only sentences of xAI count, only with a status
 * that they come with, and never what they quote.
 */
final class ErrorClassifier {

	/** Longer texts quote something; xAI's own words come first. */
	private static final int MAX_SENTENCE = 4_000;

	private static final Pattern REFUSED_KEY = Pattern.compile("(incorrect|invalid|wrong|unknown) (x?ai )?api[ -]key"
			+ "|api[ -]key\\b.{0,80}\\b(blocked|disabled|expired|revoked|deleted|invalid|incorrect|not valid|not exist)"
			+ "|(blocked|disabled|expired|revoked) (x?ai )?api[ -]key|access token could not be validated");

	private static final Pattern WRONG_KEY = Pattern.compile("^(incorrect|invalid|wrong|unknown) (x?ai )?api[ -]key\\b"
			+ "|^(the|your) (x?ai )?api[ -]key\\b.{0,40}\\b(blocked|disabled|expired|revoked|deleted|invalid|incorrect)");

	private static final Pattern MISSING_KEY = Pattern.compile("no credentials|no or an invalid authentication header");

	private static final Pattern NO_CREDITS = Pattern
		.compile("(?<![\\w.-])(credits|licen[sc]es)(?![\\w-])" + "|(?<![\\w.-])spending[ -]limit\\b");

	/** With a rate limit, credits may be offered as its cure. */
	private static final Pattern OUT_OF_CREDITS = Pattern.compile(
			"(used|consumed|exhausted) (all|your|its)\\b.{0,40}\\bcredits|(reached|exceeded).{0,40}\\bspending[ -]limit"
					+ "|(run|ran) out of credits|\\bno (more |remaining )?credits|n[o'\u2019]t have (any|enough) credits"
					+ "|insufficient (credits|quota|balance)|credits?\\b.{0,40}\\b(exhausted|depleted|too low)|exceeded your current quota");

	private static final Pattern REFUSED_CONTENT = Pattern
		.compile("violates (our |the )?(xai )?usage guidelines|failed check: safety[_-]check");

	private static final Pattern NOT_DECRYPTED = Pattern
		.compile("(^|[:.] )could not (decrypt the provided encrypted[_ ]content|decode the compaction blob)");

	private static final Pattern TOO_LONG = Pattern.compile("maximum (prompt|context) length is \\d"
			+ "|context[ -](length|window)[ -]?exceed|exceeds?.{0,40}context (length|window)");

	private static final Pattern REMOVED = Pattern.compile("^live search is deprecated");

	private static final Pattern NO_MODEL = Pattern
		.compile("^(model not found\\b|the model:? \\S* ?(does not exist|was deprecated on|is no longer accessible))");

	/** With status 404 it is certain that something does not exist. */
	private static final Pattern NO_SUCH_MODEL = Pattern
		.compile("^(the |requested )*model:? \\S* ?(is |was )?(not exist|does not exist|not found|deprecated on"
				+ "|no longer (accessible|available)|not accessible)");

	private static final Pattern UNAVAILABLE = Pattern
		.compile("timed out waiting for first token|(currently|temporarily) unavailable|overloaded"
				+ "|at (full )?capacity|did not respond to this request");

	private static final Pattern LIMITED = Pattern
		.compile("^too many (requests|tokens)|\\brate limit (is |was |has been )?(reached|exceeded)");

	/** What the request or the account has chosen, and so no words of xAI's. */
	private static final Pattern QUOTED = Pattern.compile("\"[^\"]*+(\"|$)|`[^`]*+(`|$)|[\u201c\u201e][^\u201d]*+\u201d"
			+ "|(?<!\\w)'[^']*+(?:'(?=\\w)[^']*+)*+'|\\b\\w+\\[[^\\]]*+\\][\\w.\\[\\]$-]*+");

	/** A place within the request, which is no parameter of it. */
	private static final Pattern PLACE = Pattern.compile("\\b(tools|messages|input)\\[");

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

	/** Stands for what is quoted; no sentence has it. */
	private static final char MASK = '\0';

	private static final Pattern NUMERIC_CODE = Pattern.compile("[45]\\d\\d");

	private ErrorClassifier() {
	}

	/**
	 * The kind of an error.
	 * @param status the status it came with, 200 included
	 * @param body what it says
	 * @param path what was asked for below the base URL, or {@code null}
	 * @return the kind
	 */
	static ErrorKind classify(int status, ErrorBody body, @Nullable String path) {
		if (body.html()) {
			return ofStatus(status, path);
		}
		String code = (body.code() != null) ? body.code().toLowerCase(Locale.ROOT).replace('_', '-') : "";
		if (NUMERIC_CODE.matcher(code).matches()) {
			return new Classification(Integer.parseInt(code), 0, code, body, path).kind();
		}
		return new Classification(status, statusOf(code), code, body, path).kind();
	}

	/**
	 * Whether a code is one of xAI's own.
	 * @param code the code
	 * @param path what was asked for below the base URL, or {@code null}
	 * @return whether it is known
	 */
	static boolean isKnownCode(String code, @Nullable String path) {
		String known = code.toLowerCase(Locale.ROOT).replace('_', '-');
		return ofKnownCode(known, path) != null;
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
		String text = beginning(body.text());
		if (PLACE.matcher(text).find()) {
			return null;
		}
		String sentence = withoutQuotes(text);
		for (Pattern pattern : PARAMETER) {
			Matcher matcher = pattern.matcher(text);
			while (matcher.find()) {
				if (sentence.charAt(matcher.start()) != MASK) {
					return snakeCase(matcher.group(1));
				}
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

	private static String beginning(String text) {
		return (text.length() <= MAX_SENTENCE) ? text : text.substring(0, MAX_SENTENCE);
	}

	// As long as before, so that places stay comparable
	private static String withoutQuotes(String text) {
		return QUOTED.matcher(text).replaceAll((quoted) -> String.valueOf(MASK).repeat(quoted.group().length()));
	}

	// The status that xAI sends a code with; within a stream there is only the code.
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

	private static @Nullable ErrorKind ofCode(String code, @Nullable String path) {
		ErrorKind known = ofKnownCode(code, path);
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
		boolean refused = code.contains("bad-credentials")
				|| code.startsWith("the request does not have valid authentication credentials");
		return refused ? ErrorKind.INVALID_API_KEY : null;
	}

	private static @Nullable ErrorKind ofKnownCode(String code, @Nullable String path) {
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
			case "not-found", "some requested entity was not found" -> missing(path);
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

	private static ErrorKind ofStatus(int status, @Nullable String path) {
		return switch (status) {
			case 400, 405, 409, 411, 413, 414, 415, 416, 422, 431 -> ErrorKind.INVALID_REQUEST;
			case 401 -> ErrorKind.INVALID_API_KEY;
			case 402 -> ErrorKind.INSUFFICIENT_CREDITS;
			case 403 -> ErrorKind.PERMISSION_DENIED;
			case 404 -> missing(path);
			case 408 -> ErrorKind.TIMEOUT;
			case 425 -> ErrorKind.OVERLOADED;
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

	/**
	 * One error, read for its kind.
	 *
	 * @param status the status it came with
	 * @param codeStatus the status that its code comes with, 0 if that is not known
	 * @param code its code in lower case with hyphens, may be empty
	 * @param body what it says
	 * @param path what was asked for below the base URL, or {@code null}
	 */
	private record Classification(int status, int codeStatus, String code, ErrorBody body, @Nullable String path) {

		ErrorKind kind() {
			String sentence = withoutQuotes(beginning(this.body.text())).toLowerCase(Locale.ROOT);
			ErrorKind said = (this.status == 410) ? ErrorKind.FEATURE_REMOVED : said(sentence);
			if (said != null) {
				return said;
			}
			ErrorKind kind = ofCode(this.code, this.path);
			if (this.status == 429 && kind != ErrorKind.INSUFFICIENT_CREDITS) {
				return ErrorKind.RATE_LIMITED;
			}
			if (kind == null && this.status < 300 && (this.body.failed() || !(this.code + sentence).isBlank())) {
				// The request was accepted, so whatever failed failed over there.
				return ErrorKind.SERVER_ERROR;
			}
			return (kind != null) ? kind : ofStatus(this.status, this.path);
		}

		// Under a status of success any sentence may come, if no code tells otherwise.
		private boolean comesWith(int... statuses) {
			return (this.status < 300 && this.codeStatus == 0)
					|| IntStream.of(statuses).anyMatch((status) -> status == this.status || status == this.codeStatus);
		}

		private @Nullable ErrorKind said(String sentence) {
			if (comesWith(400, 403) && REFUSED_CONTENT.matcher(sentence).find()) {
				return ErrorKind.SAFETY_REFUSAL;
			}
			if ((comesWith(402, 403) && NO_CREDITS.matcher(sentence).find())
					|| (comesWith(429) && OUT_OF_CREDITS.matcher(sentence).find())) {
				return ErrorKind.INSUFFICIENT_CREDITS;
			}
			if (comesWith(401) && MISSING_KEY.matcher(sentence).find()) {
				return ErrorKind.MISSING_API_KEY;
			}
			if ((comesWith(400) && WRONG_KEY.matcher(sentence).find())
					|| (comesWith(401, 403) && REFUSED_KEY.matcher(sentence).find())) {
				return ErrorKind.INVALID_API_KEY;
			}
			if (comesWith(400, 422) && NOT_DECRYPTED.matcher(sentence).find()) {
				return ErrorKind.UNDECRYPTABLE_REASONING;
			}
			if (comesWith(400, 413) && TOO_LONG.matcher(sentence).find()) {
				return ErrorKind.CONTEXT_TOO_LONG;
			}
			if (comesWith(400) && REMOVED.matcher(sentence).find()) {
				return ErrorKind.FEATURE_REMOVED;
			}
			if (comesWith(400, 422) && parameter(this.body) != null) {
				return ErrorKind.UNSUPPORTED_PARAMETER;
			}
			if ((comesWith(400) && NO_MODEL.matcher(sentence).find())
					|| (comesWith(404) && NO_SUCH_MODEL.matcher(sentence).find())) {
				return ErrorKind.MODEL_NOT_FOUND;
			}
			if ((this.status >= 500 || this.codeStatus >= 500 || comesWith()) && UNAVAILABLE.matcher(sentence).find()) {
				return ErrorKind.OVERLOADED;
			}
			return (comesWith(429) && LIMITED.matcher(sentence).find()) ? ErrorKind.RATE_LIMITED : null;
		}

	}

}
