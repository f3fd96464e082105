package io.github.grokspring.actuate;

import java.time.Duration;

import io.github.grokspring.error.ErrorKind;
import reactor.core.publisher.Mono;

/**
 * Asks a second probe for the reason when xAI denies the first one, which says the same
 * of a blocked key, a blocked team and a right that is missing.
 *
 * @param delegate the first probe
 * @param reason knows more of the key
 * @param timeout how long both may take together
 */
record ApiKeyFallbackProbe(Probe delegate, Probe reason, Duration timeout) implements Probe {

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
		return this.reason.probe().timeout(left, Mono.just(denied)).map((found) -> explained(denied, found));
	}

	// That the second one was refused as well is no reason
	private static ProbeResult explained(ProbeResult denied, ProbeResult found) {
		ProbeResult.Problem problem = found.problem();
		return (problem != null && problem.status() == 0
				&& (problem.is(ErrorKind.PERMISSION_DENIED) || problem.is(ErrorKind.INVALID_API_KEY)))
						? denied.because(problem) : denied;
	}

}
