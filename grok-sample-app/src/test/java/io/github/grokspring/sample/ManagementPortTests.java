package io.github.grokspring.sample;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.test.web.server.LocalManagementPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Actuator endpoints on a separate management port.
 */
@ExtendWith(OutputCaptureExtension.class)
@SpringBootTest(webEnvironment = WebEnvironment.RANDOM_PORT,
		properties = { "grok.api-key=", "XAI_API_KEY=", "management.server.port=0",
				"management.endpoint.health.show-details=always", "spring.main.lazy-initialization=true" })
class ManagementPortTests {

	@Test
	void showsTheSame(@Autowired XaiServer xai, @LocalManagementPort int port, CapturedOutput output) {
		RestTestClient client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port + "/actuator").build();
		client.get()
			.uri("/health/grok")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo("UP");
		client.get()
			.uri("/info")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.grok.model")
			.isEqualTo("grok-4.3");
		client.get()
			.uri("/grok")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.catalog.models[0].id")
			.exists();
		assertThat(xai.requests()).isNotEmpty();
		assertThat(output).doesNotContain("Budgets are configured, but the output of");
	}

}
