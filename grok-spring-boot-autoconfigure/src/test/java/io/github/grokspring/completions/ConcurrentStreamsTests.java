package io.github.grokspring.completions;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.test.XaiServer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for concurrent streams of a {@link ChatCompletionsModel}.
 */
class ConcurrentStreamsTests {

	private static final int STREAMS = 1_000;

	/**
	 * Reactor's shared pool for blocking code has ten threads per processor.
	 */
	private static final int MAX_THREADS = Math.max(60, Schedulers.DEFAULT_BOUNDED_ELASTIC_SIZE + 40);

	private static final Duration TIMEOUT = Duration.ofSeconds(60);

	@Test
	void thousandStreamsWithDelayedHeadersAreInFlightTogetherOnFewThreads() {
		try (XaiServer server = XaiServer.builder().recording(false).start();
				ReactorXaiHttpClient exchange = ReactorXaiHttpClient
					.create(HttpSettings.defaults().withBaseUrl(server.baseUrl()), server::apiKey)) {
			GrokChatModel model = GrokChatModel
				.builder("chat-completions", ChatCompletionsModel.builder(exchange).build())
				.options(GrokChatOptions.builder().model("grok-4.3").build())
				.build();
			Set<String> before = clientThreads();
			// Load classes first.
			server.answers("Eight legs");
			assertThat(text(model).join()).isEqualTo("Eight legs");
			// Much longer than it takes to send all requests, so that no stream ends
			// before
			// the last one has begun: they wait for headers together, or the server never
			// sees all of them.
			server.answers("Eight legs").silentFor(Duration.ofSeconds(8)).byDefault();

			List<CompletableFuture<String>> answers = IntStream.range(0, STREAMS).mapToObj((i) -> text(model)).toList();
			Awaitility.await()
				.atMost(TIMEOUT)
				.pollInterval(Duration.ofMillis(20))
				.until(server::openStreams, (open) -> open == STREAMS);
			Set<String> created = new HashSet<>(clientThreads());
			assertThat(answers).noneMatch(CompletableFuture::isDone);
			Awaitility.await().atMost(TIMEOUT).untilAsserted(() -> {
				created.addAll(clientThreads());
				assertThat(answers).allMatch(CompletableFuture::isDone);
			});

			assertThat(answers).extracting(CompletableFuture::join).containsOnly("Eight legs");
			created.removeAll(before);
			assertThat(created).hasSizeLessThan(MAX_THREADS);
			assertThat(exchange.inFlight()).isZero();
		}
	}

	private static CompletableFuture<String> text(GrokChatModel model) {
		return model.stream(new Prompt("How many legs does a spider have?"))
			.map((element) -> element.getResult().getOutput().getText())
			.collect(Collectors.joining())
			.toFuture();
	}

	private static Set<String> clientThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> !thread.getName().startsWith("xai-server"))
			.map((thread) -> thread.getName() + "@" + thread.getId())
			.collect(Collectors.toSet());
	}

}
