package io.github.grokspring.sample;

import java.util.Map;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@OfflineSample
@TestPropertySource(properties = "grok.retry.enabled=false")
@ExtendWith(OutputCaptureExtension.class)
class FailureTests {

	private static final String PROMPT = "A prompt that nobody else may read";

	private final RestTestClient client;

	private final XaiServer xai;

	FailureTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@Test
	void aRateLimitIsPassedOnWithTheTimeToWait() {
		this.xai.failsWith(429).rateLimited(2, 2).retryAfter(2).byDefault();
		chat().expectStatus()
			.isEqualTo(503)
			.expectHeader()
			.contentTypeCompatibleWith(MediaType.APPLICATION_PROBLEM_JSON)
			.expectHeader()
			.valueEquals("Retry-After", "2")
			.expectBody()
			.jsonPath("$.title")
			.isEqualTo("Too many requests")
			.jsonPath("$.kind")
			.isEqualTo("RATE_LIMITED")
			.jsonPath("$.xaiStatus")
			.isEqualTo(429);
	}

	@Test
	void aRefusedKeyIsAFaultOfTheApplicationAndIsNotShown(CapturedOutput output) {
		this.xai.failsWith(400)
			.saying("invalid-argument",
					"Incorrect API key provided: xa***jU. You can obtain an API key from https://console.x.ai.")
			.byDefault();
		chat().expectStatus().isEqualTo(500).expectBody(String.class).value((body) -> {
			assertThat(body).contains("xAI rejected the API key of this application", "INVALID_API_KEY");
			assertThat(body).doesNotContain("xa***jU", PROMPT, "Exception", "\tat ", this.xai.apiKey());
		});
		assertThat(output).contains("WARN").doesNotContain("xa***jU", PROMPT, this.xai.apiKey());
	}

	@Test
	void aRefusedContentIsAFaultOfTheCaller() {
		this.xai.refusesForSafety().byDefault();
		chat().expectStatus().isEqualTo(422).expectBody().jsonPath("$.kind").isEqualTo("SAFETY_REFUSAL");
	}

	@Test
	void anOutageOfXaiIsABadGateway() {
		this.xai.failsWith(500).byDefault();
		chat().expectStatus().isEqualTo(502).expectBody().jsonPath("$.kind").isEqualTo("SERVER_ERROR");
	}

	@Test
	void aBrokenConnectionIsABadGateway() {
		this.xai.resetsConnection().byDefault();
		chat().expectStatus().isEqualTo(502).expectBody().jsonPath("$.kind").isEqualTo("CONNECTION");
	}

	private RestTestClient.ResponseSpec chat() {
		return this.client.post()
			.uri("/api/chat")
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("message", PROMPT))
			.exchange();
	}

}
