package io.github.grokspring.sample;

import java.util.function.Consumer;

import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.test.web.servlet.client.RestTestClient;

import static org.assertj.core.api.Assertions.assertThat;

@OfflineSample
class NewsEndpointTests {

	private final RestTestClient client;

	private final XaiServer xai;

	NewsEndpointTests(@Autowired XaiServer xai, @LocalServerPort int port) {
		this.client = RestTestClient.bindToServer().baseUrl("http://localhost:" + port).build();
		this.xai = xai;
	}

	@BeforeEach
	void forgetEarlierTests() {
		this.xai.reset();
	}

	@Test
	void tellsWhatHappenedAndNamesItsSources() {
		this.xai.answers("Ruby 4 is out.")
			.searchingTheWeb("news today", "https://www.ruby-lang.org/en/news", "https://x.com/ruby/status/1")
			.citing("https://www.ruby-lang.org/en/news", "https://x.com/ruby/status/1");
		ask("/api/news", (news) -> {
			assertThat(news.text()).isEqualTo("Ruby 4 is out. [1] [2]");
			assertThat(news.sources()).containsExactly(
					new News.Source("www.ruby-lang.org", "https://www.ruby-lang.org/en/news"),
					new News.Source("x.com", "https://x.com/ruby/status/1"));
		});
		this.xai.lastRequest().offersTool("web_search");
		assertThat(this.xai.lastRequest().path()).isEqualTo("/v1/responses");
		assertThat(this.xai.lastRequest().body()).contains("What happened today?");
	}

	@Test
	void takesAQuestion() {
		ask("/api/news?question=What is new in Norway?",
				(news) -> assertThat(this.xai.lastRequest().body()).contains("What is new in Norway?"));
	}

	@Test
	void hasSourcesWithoutAnyScript() {
		ask("/api/news", (news) -> {
			assertThat(news.text()).contains("[1]").doesNotContain("](");
			assertThat(news.sources()).isNotEmpty()
				.allSatisfy((source) -> assertThat(source.url()).startsWith("https://").contains(source.title()));
		});
	}

	private void ask(String path, Consumer<News> check) {
		this.client.get().uri(path).exchange().expectStatus().isOk().expectBody(News.class).value(check::accept);
	}

}
