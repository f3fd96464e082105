package io.github.grokspring.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.ServerTiming;
import io.netty.handler.codec.DateFormatter;
import io.netty.handler.codec.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * Parsed headers of a response. All of them are optional: Chat Completions sent no rate
 * limit headers in November 2025, and error responses have none today.
 *
 * @param requestId {@code x-request-id}
 * @param rateLimit {@code x-ratelimit-*}
 * @param serverTiming {@code x-metrics-*}
 * @param retryAfter {@code Retry-After} or {@code Retry-After-Ms}, without an upper limit
 * @param shouldRetry {@code x-should-retry}
 * @since 0.1.0
 */
public record ResponseHeaders(@Nullable String requestId, @Nullable RateLimits rateLimit,
		@Nullable ServerTiming serverTiming, @Nullable Duration retryAfter, @Nullable Boolean shouldRetry) {

	/**
	 * Absent headers.
	 */
	public static final ResponseHeaders NONE = new ResponseHeaders(null, null, null, null, null);

	private static final int MAX_LENGTH = 40;

	private static final int MAX_WHOLE_DIGITS = 10;

	private static final int MAX_DECIMALS = 9;

	/**
	 * Parses the headers of a response. Malformed values are treated as absent.
	 * @param headers the headers
	 * @param clock the clock for a {@code Retry-After} date
	 * @return the parsed headers
	 */
	public static ResponseHeaders from(HttpHeaders headers, Clock clock) {
		return new ResponseHeaders(requestId(headers.get("x-request-id")), rateLimits(headers), serverTiming(headers),
				retryAfter(headers, clock), shouldRetry(headers.get("x-should-retry")));
	}

	private static @Nullable String requestId(@Nullable String value) {
		return (value != null) ? LogSanitizer.sanitize(value) : null;
	}

	private static @Nullable Boolean shouldRetry(@Nullable String value) {
		if ("true".equalsIgnoreCase(value)) {
			return true;
		}
		return "false".equalsIgnoreCase(value) ? false : null;
	}

	private static @Nullable RateLimits rateLimits(HttpHeaders headers) {
		long requestsLimit = count(headers.get("x-ratelimit-limit-requests"));
		long requestsRemaining = count(headers.get("x-ratelimit-remaining-requests"));
		long tokensLimit = count(headers.get("x-ratelimit-limit-tokens"));
		long tokensRemaining = count(headers.get("x-ratelimit-remaining-tokens"));
		if (requestsLimit < 0 && requestsRemaining < 0 && tokensLimit < 0 && tokensRemaining < 0) {
			return null;
		}
		return new RateLimits(requestsLimit, requestsRemaining, tokensLimit, tokensRemaining);
	}

	private static @Nullable ServerTiming serverTiming(HttpHeaders headers) {
		double timeToFirstToken = millis(headers.get("x-metrics-ttft-ms"));
		double meanInterTokenLatency = millis(headers.get("x-metrics-mean-itl-ms"));
		double endToEnd = millis(headers.get("x-metrics-e2e-ms"));
		if (Double.isNaN(timeToFirstToken) && Double.isNaN(meanInterTokenLatency) && Double.isNaN(endToEnd)) {
			return null;
		}
		return new ServerTiming(timeToFirstToken, meanInterTokenLatency, endToEnd);
	}

	private static @Nullable Duration retryAfter(HttpHeaders headers, Clock clock) {
		String millis = headers.get("retry-after-ms");
		if (millis != null && isDecimal(millis)) {
			return Duration.ofNanos((long) (Double.parseDouble(millis) * 1_000_000));
		}
		String value = headers.get("retry-after");
		if (value == null) {
			return null;
		}
		if (isDecimal(value)) {
			int point = value.indexOf('.');
			if (point < 0) {
				return Duration.ofSeconds(Long.parseLong(value));
			}
			return Duration.ofSeconds(Long.parseLong(value.substring(0, point)))
				.plusNanos((long) (Double.parseDouble(value.substring(point)) * 1_000_000_000));
		}
		Date date = (value.length() > 64) ? null : DateFormatter.parseHttpDate(value);
		if (date == null) {
			return null;
		}
		Duration wait = Duration.between(clock.instant(), Instant.ofEpochMilli(date.getTime()));
		return wait.isNegative() ? null : wait;
	}

	// Parsed by hand for each response: regular expressions and exceptions would be too
	// slow
	private static long count(@Nullable String value) {
		if (value == null || value.isEmpty() || value.length() > MAX_LENGTH || digits(value, 0) < value.length()) {
			return -1;
		}
		long count = 0;
		for (int i = 0; i < value.length(); i++) {
			int digit = value.charAt(i) - '0';
			if (count > (Long.MAX_VALUE - digit) / 10) {
				return Long.MAX_VALUE;
			}
			count = count * 10 + digit;
		}
		return count;
	}

	private static double millis(@Nullable String value) {
		return (value != null && isDecimal(value)) ? Double.parseDouble(value) : Double.NaN;
	}

	private static boolean isDecimal(String value) {
		int whole = digits(value, 0);
		if (whole == 0 || whole > MAX_WHOLE_DIGITS || whole == value.length()) {
			return whole > 0 && whole <= MAX_WHOLE_DIGITS;
		}
		int decimals = digits(value, whole + 1);
		return value.charAt(whole) == '.' && decimals > 0 && decimals <= MAX_DECIMALS
				&& whole + 1 + decimals == value.length();
	}

	// Returns the number of ASCII digits that start at an index
	private static int digits(String value, int from) {
		int at = from;
		while (at < value.length() && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
			at++;
		}
		return at - from;
	}

	/**
	 * Rate limits per minute. A value beyond {@link Long#MAX_VALUE}, which xAI sends for
	 * "no limit", is {@link Long#MAX_VALUE}; -1 means that the header was absent.
	 *
	 * @param requestsLimit the number of permitted requests
	 * @param requestsRemaining the number of remaining requests
	 * @param tokensLimit the number of permitted tokens
	 * @param tokensRemaining the number of remaining tokens
	 */
	public record RateLimits(long requestsLimit, long requestsRemaining, long tokensLimit, long tokensRemaining) {

		/**
		 * Converts these limits to Spring AI's representation, in which an absent limit
		 * is 0.
		 * @return the rate limit
		 */
		public RateLimit toRateLimit() {
			return new ResponseRateLimit(this);
		}

	}

}
