package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeoutException;

import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks an endpoint of xAI that costs nothing. Goes to the connection directly: nothing
 * that counts, limits or retries chats sees it.
 */
final class EndpointProbe implements Probe {

	private static final Log logger = LogFactory.getLog(EndpointProbe.class);

	private final XaiHttpClient exchange;

	private final ApiRequest request;

	private final Duration timeout;

	private final Clock clock;

	private final Reader reader;

	EndpointProbe(XaiHttpClient exchange, String path, Duration timeout, Clock clock, Reader reader) {
		this.exchange = exchange;
		this.request = new ApiRequest("GET", path, Map.of(), null, timeout, timeout, null);
		this.timeout = timeout;
		this.clock = clock;
		this.reader = reader;
	}

	@Override
	public Mono<ProbeResult> probe() {
		return Mono.defer(() -> {
			Instant start = this.clock.instant();
			// Making a connection, or waiting for one, takes its time too
			return Mono.defer(() -> this.exchange.exchange(this.request))
				.timeout(this.timeout)
				.map((answer) -> read(answer, start))
				.defaultIfEmpty(failed(ProblemMessages.notXai(this.request.path()), start))
				.onErrorResume((ex) -> Mono.just(failed(problem(ex), start)));
		});
	}

	private ProbeResult read(ApiResponse answer, Instant start) {
		return this.reader.read(JsonMapper.shared().readTree(answer.body()),
				ProbeResult.usable(this.clock.instant(), since(start)));
	}

	private ProbeResult failed(ProbeResult.Problem problem, Instant start) {
		return ProbeResult.failed(this.clock.instant(), since(start), problem);
	}

	private Duration since(Instant start) {
		Duration since = Duration.between(start, this.clock.instant());
		return since.isNegative() ? Duration.ZERO : since;
	}

	private ProbeResult.Problem problem(Throwable ex) {
		if (ex instanceof GrokApiException failure) {
			return ProblemMessages.of(failure.kind(), failure.status());
		}
		if (ex instanceof TimeoutException) {
			return ProblemMessages.of(ErrorKind.TIMEOUT, 0);
		}
		if (ex instanceof JacksonException) {
			return ProblemMessages.notXai(this.request.path());
		}
		logger.warn("The health of xAI could not be looked at with " + this.request, ex);
		return ProblemMessages.failed(this.request.path());
	}

	/**
	 * Reads the answer of an endpoint.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Read an answer.
		 * @param answer the answer
		 * @param answered when it came and how long it took
		 * @return what it says
		 */
		ProbeResult read(JsonNode answer, ProbeResult answered);

	}

}
