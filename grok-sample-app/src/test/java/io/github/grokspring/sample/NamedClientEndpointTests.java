package io.github.grokspring.sample;

import java.util.Map;

import io.github.grokspring.test.RecordedRequest;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@OfflineSample
class NamedClientEndpointTests {

	private final RestTestClient client;

	private final XaiServer xai;

	NamedClientEndpointTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@ParameterizedTest
	@CsvSource({ "fast, grok-4.3", "analyst, grok-4.7", "creative, grok-4.20-0309-non-reasoning" })
	void eachClientUsesItsModel(String name, String model) {
		chat(name).expectStatus().isOk().expectBody().jsonPath("$.model").isEqualTo(model);
		assertThat(this.xai.lastRequest().parameter("model").stringValue()).isEqualTo(model);
	}

	@Test
	void fastDoesNotReason() {
		chat("fast").expectStatus().isOk();
		assertThat(this.xai.lastRequest().parameter("reasoning_effort").stringValue()).isEqualTo("none");
	}

	@Test
	void analystThinksHardAndHasItsOwnSystemPrompt() {
		chat("analyst").expectStatus().isOk();
		RecordedRequest request = this.xai.lastRequest();
		assertThat(request.parameter("reasoning_effort").stringValue()).isEqualTo("high");
		assertThat(request.parameter("messages.0.role").stringValue()).isEqualTo("system");
		assertThat(request.parameter("messages.0").toString()).contains("careful analyst");
	}

	@Test
	void creativeIsWarmAndHasNoEffort() {
		chat("creative").expectStatus().isOk();
		RecordedRequest request = this.xai.lastRequest().hasNoParameter("reasoning_effort");
		assertThat(request.parameter("temperature").doubleValue()).isEqualTo(1.2);
	}

	@Test
	void saysWhichClientsThereAreWhenAskedForAnother() {
		chat("unknown").expectStatus()
			.isNotFound()
			.expectBody()
			.jsonPath("$.detail")
			.isEqualTo("There is no client with that name. The clients are [analyst, creative, fast]");
	}

	private RestTestClient.ResponseSpec chat(String name) {
		return this.client.post()
			.uri("/api/clients/{name}/chat", name)
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("message", "Hello."))
			.exchange();
	}

}
