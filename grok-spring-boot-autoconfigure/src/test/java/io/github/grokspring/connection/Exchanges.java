package io.github.grokspring.connection;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;
import reactor.test.StepVerifier;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Utilities for tests of exchanges.
 */
final class Exchanges {

	static final Duration LIMIT = Duration.ofSeconds(15);

	static final String ANSWER = "{\"id\":\"1\",\"choices\":[]}";

	private static final ApiRequest.Body BODY = (out) -> out
		.write("{\"model\":\"grok-4\"}".getBytes(StandardCharsets.UTF_8));

	private Exchanges() {
	}

	static HttpSettings settings(String baseUrl) {
		return HttpSettings.defaults().withBaseUrl(baseUrl);
	}

	static ReactorXaiHttpClient connect(HttpSettings settings) {
		return ReactorXaiHttpClient.create(settings, () -> "xai-key", ObservationRegistry.NOOP, List.of());
	}

	static ReactorXaiHttpClient connect(String baseUrl) {
		return connect(settings(baseUrl));
	}

	static ApiRequest post() {
		return post(Duration.ofSeconds(10));
	}

	static ApiRequest post(Duration readTimeout) {
		return new ApiRequest("POST", "/chat/completions", Map.of(), BODY, readTimeout, null, "grok-4");
	}

	static ApiRequest post(Duration readTimeout, Duration timeout) {
		return new ApiRequest("POST", "/chat/completions", Map.of(), BODY, readTimeout, timeout, "grok-4");
	}

	static Flux<String> stream(XaiHttpClient http) {
		return http.stream(post(), (headers) -> new TextDecoder());
	}

	static Flux<String> stream(XaiHttpClient http, ApiRequest request) {
		return http.stream(request, (headers) -> new TextDecoder());
	}

	static String text(ApiResponse response) {
		return new String(response.body(), StandardCharsets.UTF_8);
	}

	static void assertFails(Publisher<?> publisher, ErrorKind kind, String... parts) {
		assertFails(publisher, (error) -> {
			assertThat(error.kind()).as(error.getMessage()).isEqualTo(kind);
			for (String part : parts) {
				assertThat(error).hasMessageContaining(part);
			}
		});
	}

	static void assertFails(Publisher<?> publisher, Consumer<GrokApiException> assertions) {
		StepVerifier.create(publisher)
			.thenConsumeWhile((element) -> true)
			.expectErrorSatisfies(
					(failure) -> assertThat(failure).isInstanceOfSatisfying(GrokApiException.class, assertions))
			.verify(LIMIT);
	}

}
