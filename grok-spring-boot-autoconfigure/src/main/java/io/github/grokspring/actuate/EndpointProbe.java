package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.HttpExchange;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks an endpoint of xAI that costs nothing.
 */
final class EndpointProbe implements Probe {

	private final HttpExchange exchange;

	private final ApiRequest request;

	private final Clock clock;

	private final Reader reader;

	EndpointProbe(HttpExchange exchange, String path, Duration timeout, Clock clock, Reader reader) {
		this.exchange = exchange;
		this.request = new ApiRequest("GET", path, Map.of(), null, timeout, timeout, null);
		this.clock = clock;
		this.reader = reader;
	}

	@Override
	public Mono<ProbeResult> ask() {
		return Mono.defer(() -> {
			Instant start = this.clock.instant();
			return this.exchange.exchange(this.request)
				.map((answer) -> this.reader.read(JsonMapper.shared().readTree(answer.body()), since(start)))
				.onErrorResume(RuntimeException.class, (ex) -> Mono.just(failed(ex, since(start))));
		});
	}

	private Duration since(Instant start) {
		return Duration.between(start, this.clock.instant());
	}

	private ProbeResult failed(RuntimeException ex, Duration latency) {
		if (ex instanceof GrokApiException failure) {
			return ProbeResult.failed(latency, failure.kind().name().toLowerCase(Locale.ROOT),
					String.valueOf(failure.getMessage()));
		}
		String what = (ex instanceof JacksonException) ? "Something that is not xAI answered on "
				: "The answer could not be read on ";
		return ProbeResult.failed(latency, ErrorKind.UNKNOWN.name().toLowerCase(Locale.ROOT),
				what + this.request.path() + ". Check that 'grok.base-url' leads to xAI.");
	}

	/**
	 * Reads the answer of an endpoint.
	 */
	@FunctionalInterface
	interface Reader {

		ProbeResult read(JsonNode answer, Duration latency);

	}

}
