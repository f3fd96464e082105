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
 * What the headers of an answer say. Every one of them is optional: Chat Completions had
 * no rate-limit headers in November 2025, and refusals carry none today.
 *
 * @param requestId {@code x-request-id}
 * @param rateLimit {@code x-ratelimit-*}
 * @param serverTiming {@code x-metrics-*}
 * @param retryAfter {@code Retry-After} or {@code Retry-After-Ms}, not capped
 * @param shouldRetry {@code x-should-retry}
 * @since 0.1.0
 */
public record ApiHeaders(@Nullable String requestId, @Nullable RateLimits rateLimit,
		@Nullable ServerTiming serverTiming, @Nullable Duration retryAfter, @Nullable Boolean shouldRetry) {

	/**
	 * No headers of interest.
	 */
	public static final ApiHeaders NONE = new ApiHeaders(null, null, null, null, null);

	private static final int MAX_LENGTH = 40;

	private static final int MAX_WHOLE_DIGITS = 10;

	private static final int MAX_DECIMALS = 9;

	/**
	 * Read the headers of an answer. What cannot be understood counts as missing.
	 * @param headers the headers
	 * @param clock tells the time, for a {@code Retry-After} that is a date
	 * @return what they say
	 */
	public static ApiHeaders from(HttpHeaders headers, Clock clock) {
		return new ApiHeaders(requestId(headers.get("x-request-id")), rateLimits(headers), serverTiming(headers),
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

	// Every answer has these headers, and patterns or exceptions would be dear.
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

	/**
	 * How many ASCII digits stand from a position on.
	 */
	private static int digits(String value, int from) {
		int at = from;
		while (at < value.length() && value.charAt(at) >= '0' && value.charAt(at) <= '9') {
			at++;
		}
		return at - from;
	}

	/**
	 * Rate limits per minute. Values beyond {@link Long#MAX_VALUE}, which xAI sends for
	 * "no limit", are {@link Long#MAX_VALUE} here; -1 means that the header was missing.
	 *
	 * @param requestsLimit requests allowed
	 * @param requestsRemaining requests left
	 * @param tokensLimit tokens allowed
	 * @param tokensRemaining tokens left
	 */
	public record RateLimits(long requestsLimit, long requestsRemaining, long tokensLimit, long tokensRemaining) {

		/**
		 * The same in the terms of Spring AI, where a limit that is missing is 0.
		 * @return the limits
		 */
		public RateLimit toRateLimit() {
			return new ResponseRateLimit(this);
		}

	}

}
