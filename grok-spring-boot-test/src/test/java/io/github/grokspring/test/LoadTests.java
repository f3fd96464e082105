package io.github.grokspring.test;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;

import static org.assertj.core.api.Assertions.assertThat;

class LoadTests {

	private static final int STREAMS = 1000;

	private static final Duration AMPLE = Duration.ofSeconds(60);

	@Test
	void completesThousandConcurrentStreamsWithFewThreads() {
		ConnectionProvider connections = ConnectionProvider.builder("load").maxConnections(STREAMS).build();
		LoopResources loops = LoopResources.create("load-client", 2, true);
		try (XaiServer server = XaiServer.builder().recording(false).start()) {
			server.answersInChunks(20)
				.thinkingFor(Duration.ofMillis(500))
				.pace(Duration.ofMillis(10))
				.usage(10, 20)
				.byDefault();
			HttpClient client = HttpClient.create(connections).runOn(loops);
			List<String> bodies = Flux.range(0, STREAMS)
				.flatMap((i) -> ask(client, server), STREAMS)
				.collectList()
				.block(AMPLE);
			assertThat(bodies).hasSize(STREAMS)
				.allSatisfy((body) -> assertThat(body).endsWith("data: [DONE]\n\n")
					.contains("\"content\":\" 20\"", "\"total_tokens\":30"));
			assertThat(server.requestCount()).isEqualTo(STREAMS);
			assertThat(server.abortedExchanges()).isZero();
			long threads = Thread.getAllStackTraces()
				.keySet()
				.stream()
				.filter((thread) -> thread.getName().startsWith("xai-server"))
				.count();
			assertThat(threads).isLessThanOrEqualTo(2L * Runtime.getRuntime().availableProcessors() + 2);
		}
		finally {
			connections.disposeLater().block(AMPLE);
			loops.disposeLater(Duration.ZERO, Duration.ofSeconds(3)).block(AMPLE);
		}
	}

	private static Mono<String> ask(HttpClient client, XaiServer server) {
		return client
			.headers((headers) -> headers.set("authorization", "Bearer " + server.apiKey())
				.set("content-type", "application/json"))
			.post()
			.uri(server.baseUrl() + "/chat/completions")
			.send(ByteBufFlux.fromString(Mono
				.just(TestClient.question("grok-4.3", "\"stream\":true,\"stream_options\":{\"include_usage\":true}"))))
			.responseContent()
			.aggregate()
			.asString();
	}

}
