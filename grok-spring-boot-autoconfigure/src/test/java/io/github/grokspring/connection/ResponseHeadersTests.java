package io.github.grokspring.connection;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;

import io.github.grokspring.chain.ServerTiming;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.metadata.RateLimit;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ResponseHeaders}.
 */
class ResponseHeadersTests {

	private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-11-21T08:00:00Z"), ZoneOffset.UTC);

	@Test
	void absentHeadersAreNull() {
		assertThat(ResponseHeaders.from(new DefaultHttpHeaders(), CLOCK)).isEqualTo(ResponseHeaders.NONE);
	}

	@Test
	void parsesRateLimitsTimingsAndRequestId() {
		HttpHeaders headers = new DefaultHttpHeaders().add("X-RateLimit-Limit-Requests", "1800")
			.add("x-ratelimit-remaining-requests", "1788")
			.add("x-ratelimit-limit-tokens", "10000000")
			.add("x-ratelimit-remaining-tokens", "9992090")
			.add("x-request-id", "req-1")
			.add("x-metrics-ttft-ms", "222.0")
			.add("x-metrics-mean-itl-ms", "6.7")
			.add("x-metrics-e2e-ms", "1712.4");
		assertThat(ResponseHeaders.from(headers, CLOCK))
			.isEqualTo(new ResponseHeaders("req-1", new ResponseHeaders.RateLimits(1800, 1788, 10_000_000, 9_992_090),
					new ServerTiming(222.0, 6.7, 1712.4), null, null));
	}

	@Test
	void unlimitedIsMaxLong() {
		HttpHeaders headers = new DefaultHttpHeaders().add("x-ratelimit-limit-tokens", "18446744073709551615");
		assertThat(ResponseHeaders.from(headers, CLOCK).rateLimit())
			.isEqualTo(new ResponseHeaders.RateLimits(-1, -1, Long.MAX_VALUE, -1));
	}

	@Test
	void remainingIsUnknownIfOnlyLimitIsPresent() {
		RateLimit limit = new ResponseHeaders.RateLimits(60, -1, -1, -1).toRateLimit();
		assertThat(limit.getRequestsLimit()).isEqualTo(60);
		assertThat(limit.getRequestsRemaining()).isEqualTo(-1);
		assertThat(limit.getTokensLimit()).isZero();
		assertThat(limit.getTokensRemaining()).isZero();
		assertThat(new ResponseHeaders.RateLimits(60, 0, -1, -1).toRateLimit().getRequestsRemaining()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "-1", "many", "1,800", "1e3", "0x10", "NaN" })
	void malformedValuesAreAbsent(String garbage) {
		HttpHeaders headers = new DefaultHttpHeaders().add("x-ratelimit-limit-tokens", garbage)
			.add("x-metrics-ttft-ms", garbage)
			.add("retry-after", garbage)
			.add("retry-after-ms", garbage);
		ResponseHeaders read = ResponseHeaders.from(headers, CLOCK);
		assertThat(read.rateLimit()).isNull();
		assertThat(read.serverTiming()).isNull();
		assertThat(read.retryAfter()).isNull();
	}

	@ParameterizedTest
	@CsvSource({ "0, PT0S", "2, PT2S", "1.5, PT1.5S", "3600, PT1H", "9999999999, PT9999999999S" })
	void parsesRetryAfterInSeconds(String value, Duration expected) {
		assertThat(retryAfter("retry-after", value)).isEqualTo(expected);
	}

	@Test
	void parsesRetryAfterDate() {
		assertThat(retryAfter("retry-after", "Sat, 21 Nov 2026 08:01:30 GMT")).isEqualTo(Duration.ofSeconds(90));
		assertThat(retryAfter("retry-after", "Sat, 21 Nov 2026 07:59:00 GMT")).isNull();
	}

	@Test
	void parsesRetryAfterInMilliseconds() {
		assertThat(retryAfter("retry-after-ms", "1500")).isEqualTo(Duration.ofMillis(1500));
		HttpHeaders both = new DefaultHttpHeaders().add("retry-after-ms", "250").add("retry-after", "1");
		assertThat(ResponseHeaders.from(both, CLOCK).retryAfter()).isEqualTo(Duration.ofMillis(250));
	}

	@Test
	void parsesShouldRetry() {
		assertThat(shouldRetry("true")).isTrue();
		assertThat(shouldRetry("false")).isFalse();
		assertThat(shouldRetry("perhaps")).isNull();
	}

	private static Boolean shouldRetry(String value) {
		return ResponseHeaders.from(new DefaultHttpHeaders().add("x-should-retry", value), CLOCK).shouldRetry();
	}

	private static Duration retryAfter(String name, String value) {
		return ResponseHeaders.from(new DefaultHttpHeaders().add(name, value), CLOCK).retryAfter();
	}

}
