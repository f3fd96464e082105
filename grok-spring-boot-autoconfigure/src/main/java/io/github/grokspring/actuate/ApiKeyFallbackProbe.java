package io.github.grokspring.actuate;

import java.time.Duration;

import io.github.grokspring.error.ErrorKind;
import reactor.core.publisher.Mono;

/**
 * {@link Probe} that checks the API key if xAI responds to the first probe with 403,
 * which does not distinguish a blocked key, a blocked team and a missing permission.
 *
 * @param delegate the first probe
 * @param apiKeyProbe the probe of the API key
 * @param timeout the timeout of both probes together
 */
record ApiKeyFallbackProbe(Probe delegate, Probe apiKeyProbe, Duration timeout) implements Probe {

	private static final int FORBIDDEN = 403;

	@Override
	public Mono<ProbeResult> probe() {
		return this.delegate.probe().flatMap((result) -> isDenied(result) ? withReason(result) : Mono.just(result));
	}

	private static boolean isDenied(ProbeResult result) {
		ProbeResult.Problem problem = result.problem();
		return problem != null && problem.status() == FORBIDDEN
				&& (problem.is(ErrorKind.PERMISSION_DENIED) || problem.is(ErrorKind.INVALID_API_KEY));
	}

	private Mono<ProbeResult> withReason(ProbeResult denied) {
		Duration left = (denied.latency() != null) ? this.timeout.minus(denied.latency()) : this.timeout;
		if (left.isNegative() || left.isZero()) {
			return Mono.just(denied);
		}
		return this.apiKeyProbe.probe().timeout(left, Mono.just(denied)).map((found) -> merge(denied, found));
	}

	// A rejection of the second request does not explain the first one
	private static ProbeResult merge(ProbeResult denied, ProbeResult found) {
		ProbeResult.Problem problem = found.problem();
		return (problem != null && problem.status() == 0
				&& (problem.is(ErrorKind.PERMISSION_DENIED) || problem.is(ErrorKind.INVALID_API_KEY)))
						? denied.withProblem(problem) : denied;
	}

}
