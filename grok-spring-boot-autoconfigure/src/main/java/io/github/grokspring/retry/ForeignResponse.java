package io.github.grokspring.retry;

import java.lang.reflect.Method;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.grokspring.error.ErrorKind;
import org.jspecify.annotations.Nullable;

import org.springframework.util.CollectionUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Error response from an exception of another HTTP client.
 *
 * @param status the status code
 * @param headers returns the value of a header by its lower-case name, or {@code null}
 * @param body the body, may be empty
 */
record ForeignResponse(int status, Function<String, @Nullable String> headers, String body) {

	private static final int MAX_BODY = 4_000;

	private static final Pattern DECIMAL = Pattern.compile("\\d{1,10}(\\.\\d{1,9})?");

	/** Start of the message of Spring AI's exceptions, which have no other details. */
	private static final Pattern STATUS = Pattern.compile("(?:HTTP )?([1-5]\\d\\d) - ");

	/** Exhausted credits, which have the status of a rate limit. */
	private static final Pattern OUT_OF_CREDITS = Pattern
		.compile("(used|consumed|exhausted) (all|your|its)\\b.{0,40}\\bcredits"
				+ "|(reached|exceeded).{0,40}\\bspending[ -]limit|(run|ran) out of credits"
				+ "|\\bno (more |remaining )?credits|insufficient[_ -](credits|quota|balance)"
				+ "|credits?\\b.{0,40}\\b(exhausted|depleted|too low)|exceeded your current quota");

	/**
	 * Returns the error response of an exception, or {@code null} if there is none.
	 */
	static @Nullable ForeignResponse of(Throwable thrown) {
		ForeignResponse response = read(thrown);
		return (response != null && response.status >= 400) ? response : null;
	}

	private static @Nullable ForeignResponse read(Throwable thrown) {
		Class<?> type = ExceptionTranslator.type(thrown, "org.springframework.web.client.RestClientResponseException");
		if (type != null) {
			return ofSpring(new Value(type, thrown), "getResponseHeaders");
		}
		type = ExceptionTranslator.type(thrown,
				"org.springframework.web.reactive.function.client.WebClientResponseException");
		if (type != null) {
			return ofSpring(new Value(type, thrown), "getHeaders");
		}
		type = ExceptionTranslator.type(thrown, "com.openai.errors.OpenAIServiceException");
		if (type != null) {
			Value failure = new Value(type, thrown);
			Value headers = failure.get("headers");
			return new ForeignResponse(failure.get("statusCode").number(),
					(name) -> headers.get("values", name).first(), failure.get("body").text());
		}
		String message = thrown.getMessage();
		if (message != null && ExceptionTranslator.isA(thrown, "org.springframework.ai.retry.TransientAiException")) {
			Matcher status = STATUS.matcher(message);
			return status.lookingAt() ? new ForeignResponse(Integer.parseInt(status.group(1)), (name) -> null, message)
					: null;
		}
		return null;
	}

	private static ForeignResponse ofSpring(Value failure, String headersMethod) {
		Value headers = failure.get(headersMethod);
		return new ForeignResponse(failure.get("getStatusCode").get("value").number(),
				(name) -> headers.get("getFirst", name).first(), failure.get("getResponseBodyAsString").text());
	}

	ErrorKind kind() {
		return switch (this.status) {
			case 408 -> ErrorKind.TIMEOUT;
			case 429 -> isOutOfCredits() ? ErrorKind.INSUFFICIENT_CREDITS : ErrorKind.RATE_LIMITED;
			case 425, 502, 503, 504, 520, 521, 522, 523, 524, 527, 529, 530 -> ErrorKind.OVERLOADED;
			case 525, 526 -> ErrorKind.UNKNOWN;
			default -> {
				if (this.status >= 500) {
					yield ErrorKind.SERVER_ERROR;
				}
				yield (this.status >= 400) ? ErrorKind.INVALID_REQUEST : ErrorKind.UNKNOWN;
			}
		};
	}

	private boolean isOutOfCredits() {
		String text = this.body.substring(0, Math.min(this.body.length(), MAX_BODY)).toLowerCase(Locale.ROOT);
		return OUT_OF_CREDITS.matcher(text).find();
	}

	/**
	 * Returns whether the server wants a retry, or {@code null} if it does not say.
	 */
	@Nullable Boolean shouldRetry() {
		String value = this.headers.apply("x-should-retry");
		if ("true".equalsIgnoreCase(value)) {
			return true;
		}
		return "false".equalsIgnoreCase(value) ? false : null;
	}

	/**
	 * Returns the delay that the server asks for, or {@code null} if there is none.
	 */
	@Nullable Duration retryAfter(InstantSource clock) {
		String millis = this.headers.apply("retry-after-ms");
		if (millis != null && DECIMAL.matcher(millis).matches()) {
			return Duration.ofNanos((long) (Double.parseDouble(millis) * 1_000_000));
		}
		String value = this.headers.apply("retry-after");
		if (value == null) {
			return null;
		}
		if (DECIMAL.matcher(value).matches()) {
			return Duration.ofMillis((long) (Double.parseDouble(value) * 1_000));
		}
		try {
			Duration wait = Duration.between(clock.instant(),
					Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(value)));
			return wait.isNegative() ? null : wait;
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	// Value of an optional type, which is read with reflection
	private record Value(Class<?> type, @Nullable Object value) {

		Value get(String method, String... arguments) {
			if (this.value == null) {
				return this;
			}
			Class<?>[] types = Stream.of(arguments).map(Object::getClass).toArray(Class<?>[]::new);
			Method found = Objects.requireNonNull(ReflectionUtils.findMethod(this.type, method, types),
					() -> "No method '" + method + "' in " + this.type.getName());
			return new Value(found.getReturnType(),
					ReflectionUtils.invokeMethod(found, this.value, (Object[]) arguments));
		}

		int number() {
			return ((Number) Objects.requireNonNull(this.value)).intValue();
		}

		String text() {
			return String.valueOf(this.value);
		}

		@Nullable String first() {
			Object first = (this.value instanceof List<?> list) ? CollectionUtils.firstElement(list) : this.value;
			return (first instanceof String text) ? text : null;
		}

	}

}
