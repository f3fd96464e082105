package io.github.grokspring.sample;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.test.XaiServer;
import io.github.grokspring.tool.ServerTool;
import reactor.core.Disposable;

import org.springframework.ai.chat.client.ChatClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * A sequence of calls with all outcomes that meters cover. Requires
 * {@code grok.fallback.models}, {@code grok.cache.enabled},
 * {@code grok.redaction.enabled} and a concurrency limit of 1.
 *
 * @param chatClient the default client
 * @param fast a named client
 * @param xai the mock of xAI
 * @param limits the rate limits
 */
record LoadScenario(ChatClient chatClient, ChatClient fast, XaiServer xai, RateLimits limits) {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	void run() {
		answers();
		answersAgain();
		streams();
		searches();
		isRateLimitedOnce();
		fallsBack();
		isRefused();
		sendsWhatTheModelRefuses();
		asksARetiredModel();
		namesSomebody();
		isNotSent();
		repeatsItself();
		waitsForAPlace();
	}

	private void answers() {
		this.xai.answers("Four.").usage(2_000, 10).reasoningTokens(30).cachedTokens(1_024);
		assertThat(this.chatClient.prompt("2 + 2?").call().content()).isEqualTo("Four.");
		this.xai.answers("Five.").usage(200, 10);
		assertThat(this.fast.prompt("2 + 3?").call().content()).isEqualTo("Five.");
	}

	private void answersAgain() {
		assertThat(this.chatClient.prompt("2 + 2?").call().content()).isEqualTo("Four.");
	}

	private void streams() {
		this.xai.answers("Six of one.").usage(200, 12);
		assertThat(this.chatClient.prompt("3 + 3?").stream().content().reduce("", String::concat).block(PATIENCE))
			.isEqualTo("Six of one.");
	}

	private void searches() {
		this.xai.answers("Ruby 4.").searchingTheWeb("ruby", "https://www.ruby-lang.org");
		GrokChatOptions.Builder options = GrokChatOptions.builder().serverTools(ServerTool.webSearch());
		assertThat(this.chatClient.prompt("Which Ruby?").options(options).call().content()).isEqualTo("Ruby 4.");
	}

	private void isRateLimitedOnce() {
		this.xai.failsWith(429);
		this.xai.answers("Seven.");
		assertThat(this.chatClient.prompt("3 + 4?").call().content()).isEqualTo("Seven.");
	}

	private void fallsBack() {
		this.xai.failsWith(503).times(3);
		this.xai.answers("Eight.");
		assertThat(this.fast.prompt("4 + 4?").call().content()).isEqualTo("Eight.");
	}

	private void isRefused() {
		this.xai.refusesForSafety();
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.chatClient.prompt("How do I break in?").call().content());
	}

	private void sendsWhatTheModelRefuses() {
		this.xai.answers("Nine.");
		GrokChatOptions.Builder options = GrokChatOptions.builder().presencePenalty(0.5);
		assertThat(this.chatClient.prompt("4 + 5?").options(options).call().content()).isEqualTo("Nine.");
	}

	private void asksARetiredModel() {
		this.xai.answers("Ten.");
		GrokChatOptions.Builder options = GrokChatOptions.builder().model("grok-4");
		assertThat(this.chatClient.prompt("5 + 5?").options(options).call().content()).isEqualTo("Ten.");
	}

	private void namesSomebody() {
		this.xai.answers("Write to [EMAIL_1].");
		assertThat(this.chatClient.prompt("Where do I reach ada@example.com?").call().content())
			.isEqualTo("Write to ada@example.com.");
	}

	private void isNotSent() {
		GrokChatOptions.Builder options = GrokChatOptions.builder().temperature(7.0);
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> this.chatClient.prompt("5 + 5?").options(options).call().content());
	}

	private void repeatsItself() {
		this.xai.answers("again and again\n".repeat(70));
		assertThat(this.chatClient.prompt("Say it again.").call().content()).startsWith("again");
	}

	private void waitsForAPlace() {
		this.xai.answersInChunks(10).stallsAfter(1, PATIENCE.multipliedBy(10));
		this.xai.answers("Eleven.");
		CountDownLatch begun = new CountDownLatch(1);
		Disposable stalled = this.chatClient.prompt("Count to ten.")
			.stream()
			.content()
			.subscribe((piece) -> begun.countDown());
		ExecutorService other = Executors.newSingleThreadExecutor();
		try {
			assertThat(begun.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
			CompletableFuture<String> next = CompletableFuture
				.supplyAsync(() -> this.fast.prompt("5 + 6?").call().content(), other);
			await().atMost(PATIENCE).until(() -> this.limits.status().queued() == 1);
			stalled.dispose();
			assertThat(next).succeedsWithin(PATIENCE).isEqualTo("Eleven.");
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
		finally {
			stalled.dispose();
			other.shutdownNow();
		}
	}

}
