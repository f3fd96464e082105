package io.github.grokspring.docs;

import java.util.List;
import java.util.Map;

import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.web.client.RestClient;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Code of {@code docs/testing.md}.
 */
class ServerToolScriptTests {

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	@Test
	void citesWhatItFound() {
		xai.answers("Ruby 4 is out.")
			.searchingTheWeb("latest Ruby", "https://www.ruby-lang.org/en/news")
			.citing("https://www.ruby-lang.org/en/news");

		String answer = respond("What is the latest Ruby?", List.of(Map.of("type", "web_search")));

		assertThat(answer).contains("Ruby 4 is out.[[1]](https://www.ruby-lang.org/en/news)");
		xai.lastRequest().offersTool("web_search");
		assertThat(xai.lastRequest().inputItems("message")).hasSize(1);
	}

	private static String respond(String input, List<Map<String, String>> tools) {
		return RestClient.create(xai.baseUrl())
			.post()
			.uri("/responses")
			.header(HttpHeaders.AUTHORIZATION, "Bearer " + xai.apiKey())
			.contentType(MediaType.APPLICATION_JSON)
			.body(Map.of("model", "grok-4.3", "input", input, "tools", tools))
			.retrieve()
			.body(String.class);
	}

}
