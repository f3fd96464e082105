package io.github.grokspring.docs;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import reactor.core.publisher.Mono;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.TestConfiguration;
import org.springframework.context.annotation.Bean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Code of {@code docs/resilience.md}.
 */
@SpringBootTest(properties = "grok.rate-limit.learn=false")
class OutageTests {

	@Autowired
	private ChatClient chatClient;

	@Autowired
	private XaiServer xai;

	@Autowired
	@Qualifier("waits")
	private List<Duration> waits;

	@BeforeEach
	void forget() {
		this.xai.reset();
		this.waits.clear();
	}

	@Test
	void survivesAnOverload() {
		this.xai.failsWith(503);
		this.xai.failsWith(429).retryAfter(30);
		this.xai.answers("Here I am.");

		String answer = this.chatClient.prompt().user("Where are you?").call().content();

		assertThat(answer).isEqualTo("Here I am.");
		assertThat(this.xai.requestCount()).isEqualTo(3);
		assertThat(this.waits.get(1)).isGreaterThanOrEqualTo(Duration.ofSeconds(30));
	}

	@Test
	void givesUpInAnOutage() {
		this.xai.failsWith(503).byDefault();

		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.chatClient.prompt().user("Where are you?").call().content())
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.OVERLOADED))
			.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(3));
	}

	@TestConfiguration(proxyBeanMethods = false)
	static class Offline {

		@Bean
		XaiServer xaiServer() {
			return XaiServer.start();
		}

		@Bean
		List<Duration> waits() {
			return new CopyOnWriteArrayList<>();
		}

		@Bean
		Sleeper noWaiting(List<Duration> waits) {
			return new Sleeper() {

				@Override
				public void sleep(Duration duration) {
					waits.add(duration);
				}

				@Override
				public Mono<Void> delay(Duration duration) {
					return Mono.fromRunnable(() -> waits.add(duration));
				}

			};
		}

	}

}
