package io.github.grokspring.sample;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@OfflineSample
class CityGuideEndpointTests {

	private final RestTestClient client;

	private final XaiServer xai;

	CityGuideEndpointTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@Test
	void givesAGuideInItsShape() {
		this.xai.answers("""
				{"city":"Porto","country":"Portugal","summary":"Steep and friendly.","sights":["Ribeira","Se"]}""");
		this.client.get()
			.uri("/api/cities/Porto/guide")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(CityGuide.class)
			.value((guide) -> {
				assertThat(guide.country()).isEqualTo("Portugal");
				assertThat(guide.sights()).containsExactly("Ribeira", "Se");
			});
	}

	@Test
	void sendsTheSchemaToXaiInsteadOfWritingItIntoThePrompt() {
		this.client.get().uri("/api/cities/Porto/guide").exchange().expectStatus().isOk();
		assertThat(this.xai.lastRequest().parameter("response_format.type").stringValue()).isEqualTo("json_schema");
		assertThat(this.xai.lastRequest().parameter("response_format.json_schema.schema.properties").propertyNames())
			.containsExactlyInAnyOrder("city", "country", "summary", "sights");
		assertThat(this.xai.lastRequest().parameter("messages").toString()).doesNotContain("schema");
	}

	@Test
	void givesAGuideWithoutAnyScript() {
		this.client.get()
			.uri("/api/cities/Bergen/guide")
			.exchange()
			.expectStatus()
			.isOk()
			.expectBody(CityGuide.class)
			.value((guide) -> assertThat(guide.sights()).isNotEmpty());
	}

}
