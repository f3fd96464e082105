package io.github.grokspring.docs;

import java.time.Duration;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Code of {@code docs/testing.md}.
 */
@SpringBootTest(properties = { "grok.retry.enabled=false", "grok.fallback.models=" })
class DeskTests {

	@Autowired
	private ChatClient chatClient;

	@Autowired
	private XaiServer xai;

	@Test
	void answersAsScripted() {
		this.xai.answers("A complaint.").usage(10, 5);

		String answer = this.chatClient.prompt().user("Complaint, question or praise?").call().content();

		assertThat(answer).isEqualTo("A complaint.");
		assertThat(this.xai.lastRequest().parameter("model").stringValue()).isEqualTo("grok-4.3");
		this.xai.lastRequest().hasNoParameter("presence_penalty");
	}

	@Test
	void tellsWhatFailed() {
		this.xai.failsWith(429).rateLimited(2, 2).retryAfter(2);

		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.chatClient.prompt().user("Hello").call().content())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.RATE_LIMITED))
			.satisfies((ex) -> assertThat(ex.retryAfter()).isEqualTo(Duration.ofSeconds(2)));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Offline {

		@Bean
		XaiServer xaiServer() {
			return XaiServer.start();
		}

	}

}
