package io.github.grokspring.test;

import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class AllowanceTests {

	private volatile Instant now = Instant.parse("2026-11-21T08:00:00Z");

	private final XaiServer xai = XaiServer.builder().clock(() -> this.now).start();

	private final TestClient calls = new TestClient(this.xai);

	@AfterEach
	void close() {
		this.xai.close();
	}

	@Test
	void limitsRequestsPerMinute() {
		this.xai.allowing(2).requestsPerMinute();
		assertThat(remainingRequests(ask())).isEqualTo(1);
		pass(Duration.ofSeconds(40));
		assertThat(remainingRequests(ask())).isZero();
		HttpResponse<String> refused = ask();
		assertThat(refused.statusCode()).isEqualTo(429);
		assertThat(refused.headers().map()).doesNotContainKeys("retry-after", "x-ratelimit-limit-requests");
		assertThat(TestClient.json(refused).get("code").stringValue()).isEqualTo("resource-exhausted");
		assertThat(TestClient.json(refused).get("error").stringValue()).isEqualTo(
				"Too many requests for team 00000000-0000-0000-0000-000000000000 and model grok-4.3. Your team's rate limit is - Requests per Minute (actual/limit): 2/2.");
		pass(Duration.ofSeconds(20));
		HttpResponse<String> answer = ask();
		assertThat(answer.headers().firstValue("x-ratelimit-limit-requests")).hasValue("2");
		assertThat(remainingRequests(answer)).isZero();
		assertThat(ask().statusCode()).isEqualTo(429);
	}

	@Test
	void limitsRequestsPerSecond() {
		this.xai.allowing(1).requestsPerSecond();
		assertThat(remainingRequests(ask())).isEqualTo(1799);
		pass(Duration.ofMillis(999));
		assertThat(ask().body()).contains("Requests per Second (actual/limit): 1/1");
		pass(Duration.ofMillis(1));
		assertThat(ask().statusCode()).isEqualTo(200);
	}

	@Test
	void limitsTokensPerMinute() {
		this.xai.allowing(100).tokensPerMinute();
		this.xai.answers("much").usage(80, 70).byDefault();
		HttpResponse<String> answer = ask();
		assertThat(answer.headers().firstValue("x-ratelimit-limit-tokens")).hasValue("100");
		assertThat(answer.headers().firstValue("x-ratelimit-remaining-tokens")).hasValue("0");
		assertThat(ask().body()).contains("Too many tokens for team", "Tokens per Minute (actual/limit): 150/100");
		pass(Duration.ofMinutes(1));
		assertThat(ask().statusCode()).isEqualTo(200);
	}

	@Test
	void limitsApplyPerModelAcrossEndpointsAndStreams() {
		this.xai.allowing(1).requestsPerMinute();
		assertThat(ask().statusCode()).isEqualTo(200);
		assertThat(this.calls.respond("grok-4.3", "").statusCode()).isEqualTo(429);
		assertThat(this.calls.ask("grok-4.3", "\"stream\":true").statusCode()).isEqualTo(429);
		assertThat(this.calls.ask("grok-4.5", "").statusCode()).isEqualTo(200);
	}

	@Test
	void rejectedRequestConsumesNoReply() {
		this.xai.allowing(1).requestsPerMinute();
		this.xai.answers("one");
		this.xai.answers("two");
		ask();
		assertThat(ask().statusCode()).isEqualTo(429);
		assertThat(this.xai.waitingReplies()).isEqualTo(1);
		assertThat(this.xai.requestCount()).isEqualTo(2);
		pass(Duration.ofMinutes(1));
		assertThat(ask().body()).contains("two");
	}

	@Test
	void resetRemovesLimits() {
		this.xai.allowing(1).requestsPerMinute();
		ask();
		this.xai.reset();
		assertThat(ask().statusCode()).isEqualTo(200);
		assertThat(ask().statusCode()).isEqualTo(200);
	}

	@Test
	void rejectsLimitBelowOne() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.xai.allowing(0)).withMessageContaining("but is 0");
	}

	private HttpResponse<String> ask() {
		return this.calls.ask("grok-4.3", "");
	}

	private void pass(Duration time) {
		this.now = this.now.plus(time);
	}

	private static long remainingRequests(HttpResponse<String> answer) {
		assertThat(answer.statusCode()).isEqualTo(200);
		return answer.headers().firstValueAsLong("x-ratelimit-remaining-requests").orElseThrow();
	}

}
