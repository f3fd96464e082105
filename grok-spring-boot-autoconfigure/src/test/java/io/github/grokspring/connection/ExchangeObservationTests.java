package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for the observation of {@link ReactorXaiHttpClient}.
 */
class ExchangeObservationTests {

	private final TestObservationRegistry registry = TestObservationRegistry.create();

	@Test
	void callIsObservedLikeSpringHttpClients() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				ReactorXaiHttpClient http = observed(server)) {
			http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasNumberOfObservationsEqualTo(1)
				.hasObservationWithNameEqualTo("http.client.requests")
				.that()
				.hasBeenStarted()
				.hasBeenStopped()
				.hasContextualNameEqualTo("http post")
				.hasLowCardinalityKeyValue("client.name", "localhost")
				.hasLowCardinalityKeyValue("method", "POST")
				.hasLowCardinalityKeyValue("uri", "/v1/chat/completions")
				.hasLowCardinalityKeyValue("status", "200")
				.hasLowCardinalityKeyValue("outcome", "SUCCESS")
				.hasLowCardinalityKeyValue("exception", "none");
		}
	}

	@Test
	void idsAreNotUsedAsTags() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(404, "{\"error\":\"no\"}"));
				ReactorXaiHttpClient http = observed(server)) {
			http.exchange(ApiRequest.get("/responses/resp_0123?include=x", Duration.ofSeconds(5)))
				.onErrorComplete()
				.block(Exchanges.LIMIT);
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasObservationWithNameEqualTo("http.client.requests")
				.that()
				.hasBeenStopped()
				.hasLowCardinalityKeyValue("uri", "/v1/responses/{id}")
				.hasLowCardinalityKeyValue("status", "404")
				.hasLowCardinalityKeyValue("outcome", "CLIENT_ERROR")
				.hasLowCardinalityKeyValue("exception", "GrokApiException");
		}
	}

	@Test
	void cancelledStreamIsStoppedOnce() throws Exception {
		try (RawServer server = new RawServer(RawServer.Client::awaitDisconnect);
				ReactorXaiHttpClient http = observed(server)) {
			Disposable stream = Exchanges.stream(http).subscribe();
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			stream.dispose();
			stream.dispose();
			TestObservationRegistryAssert.assertThat(this.registry)
				.hasObservationWithNameEqualTo("http.client.requests")
				.that()
				.hasBeenStopped()
				.hasLowCardinalityKeyValue("outcome", "UNKNOWN")
				.hasLowCardinalityKeyValue("status", "CANCELLED");
		}
	}

	@Test
	void observationHasParentFromContext() throws Exception {
		AtomicReference<Observation.Context> child = new AtomicReference<>();
		this.registry.observationConfig().observationHandler(new ObservationHandler<>() {
			@Override
			public void onStart(Observation.Context context) {
				if (context instanceof SenderContext) {
					child.set(context);
				}
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return true;
			}
		});
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				ReactorXaiHttpClient http = observed(server)) {
			Observation parent = Observation.start("gen_ai.client.operation", this.registry);
			http.exchange(Exchanges.post())
				.contextWrite((context) -> context.put(ObservationThreadLocalAccessor.KEY, parent))
				.block(Exchanges.LIMIT);
			assertThat(child.get().getParentObservation()).isSameAs(parent);
			parent.scoped(() -> http.exchange(Exchanges.post()).block(Exchanges.LIMIT));
			assertThat(child.get().getParentObservation()).isSameAs(parent);
		}
	}

	@Test
	void traceIsNotPropagated() throws Exception {
		AtomicReference<String> head = new AtomicReference<>();
		this.registry.observationConfig().observationHandler(new ObservationHandler<SenderContext<Object>>() {
			@Override
			public void onStart(SenderContext<Object> context) {
				assertThat(context.getKind()).isEqualTo(Kind.CLIENT);
				context.getSetter().set(context.getCarrier(), "traceparent", "00-1-1-00");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof SenderContext;
			}
		});
		try (RawServer server = new RawServer((client) -> {
			head.set(client.head);
			client.writeJson(200, Exchanges.ANSWER);
		}); ReactorXaiHttpClient http = observed(server)) {
			http.exchange(Exchanges.post()).block(Exchanges.LIMIT);
			assertThat(head.get()).doesNotContainIgnoringCase("traceparent");
			List<String> names = head.get()
				.lines()
				.skip(1)
				.filter((line) -> !line.isBlank())
				.map((line) -> line.substring(0, line.indexOf(':')).toLowerCase(java.util.Locale.ROOT))
				.toList();
			assertThat(names).containsExactlyInAnyOrder("user-agent", "host", "accept", "content-type", "authorization",
					"content-length");
		}
	}

	private ReactorXaiHttpClient observed(RawServer server) {
		return ReactorXaiHttpClient.create(Exchanges.settings(server.url()).withHeaders(Map.of()), () -> "xai-key",
				this.registry, List.of());
	}

}
