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
 * {@link Probe} that sends a request to an endpoint of xAI that is not billed. Uses the
 * HTTP client directly, so that meters, rate limits and retries of chats do not apply.
 */
final class EndpointProbe implements Probe {

	private static final Log logger = LogFactory.getLog(EndpointProbe.class);

	private final XaiHttpClient httpClient;

	private final ApiRequest request;

	private final Duration timeout;

	private final Clock clock;

	private final Reader reader;

	EndpointProbe(XaiHttpClient httpClient, String path, Duration timeout, Clock clock, Reader reader) {
		this.httpClient = httpClient;
		this.request = new ApiRequest("GET", path, Map.of(), null, timeout, timeout, null);
		this.timeout = timeout;
		this.clock = clock;
		this.reader = reader;
	}

	@Override
	public Mono<ProbeResult> probe() {
		return Mono.defer(() -> {
			Instant start = this.clock.instant();
			// The timeout includes acquiring a connection
			return Mono.defer(() -> this.httpClient.exchange(this.request))
				.timeout(this.timeout)
				.map((response) -> read(response, start))
				.defaultIfEmpty(failed(ProblemMessages.notXai(this.request.path()), start))
				.onErrorResume((ex) -> Mono.just(failed(problem(ex), start)));
		});
	}

	private ProbeResult read(ApiResponse response, Instant start) {
		return this.reader.read(JsonMapper.shared().readTree(response.body()),
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
		logger.warn("Failed to check the health of xAI with " + this.request, ex);
		return ProblemMessages.requestFailed(this.request.path());
	}

	/**
	 * Reads the response of an endpoint.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Reads a response.
		 * @param response the response
		 * @param result the result so far, with time and latency
		 * @return the result
		 */
		ProbeResult read(JsonNode response, ProbeResult result);

	}

}
