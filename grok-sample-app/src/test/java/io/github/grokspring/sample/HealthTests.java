package io.github.grokspring.sample;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.test.web.servlet.client.RestTestClient;

/**
 * The health of the sample, over HTTP.
 */
@Timeout(120)
class HealthTests {

	private final ConfigurableApplicationContext context = SpringApplication.run(GrokSampleApplication.class,
			"--grok.api-key=", "--XAI_API_KEY=", "--server.port=0", "--grok.health.cache-ttl=0s",
			"--management.endpoint.health.group.front.include=*",
			"--management.endpoint.health.group.front.exclude=grok");

	private final XaiServer xai = this.context.getBean(XaiServer.class);

	private RestTestClient client;

	@BeforeEach
	void connect() {
		this.client = RestTestClient.bindToServer()
			.baseUrl("http://localhost:" + this.context.getEnvironment().getProperty("local.server.port"))
			.build();
	}

	@AfterEach
	void close() {
		this.context.close();
	}

	@Test
	void isShownWithDetailsAndIsPartOfNeitherLivenessNorReadiness() {
		this.client.get()
			.uri("/actuator/health")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.components.grok.status")
			.isEqualTo("UP")
			.jsonPath("$.components.grok.details.host")
			.isEqualTo("127.0.0.1")
			.jsonPath("$.components.grok.details.models[0]")
			.exists();
		this.xai.blocksKey();
		this.client.get()
			.uri("/actuator/health/grok")
			.exchange()
			.expectStatus()
			.isEqualTo(503)
			.expectBody()
			.jsonPath("$.status")
			.isEqualTo("DOWN")
			.jsonPath("$.details.problem")
			.isEqualTo("The API key is blocked");
		this.client.get().uri("/actuator/health").exchange().expectStatus().isEqualTo(503);
		for (String group : new String[] { "liveness", "readiness", "front" }) {
			this.client.get()
				.uri("/actuator/health/" + group)
				.exchange()
				.expectStatus()
				.isOk()
				.expectBody()
				.jsonPath("$.components.grok")
				.doesNotExist();
		}
	}

	@Test
	void infoTellsOfGrok() {
		this.client.get()
			.uri("/actuator/info")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody()
			.jsonPath("$.grok.model")
			.isEqualTo("grok-4.3")
			.jsonPath("$.grok.catalogDate")
			.exists();
	}

}
