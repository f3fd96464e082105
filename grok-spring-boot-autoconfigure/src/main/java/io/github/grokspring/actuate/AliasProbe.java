package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import reactor.core.publisher.Mono;

/**
 * Asks a second probe for aliases when the list of the first one lacks a model that is
 * required: {@code /models} may leave aliases out that {@code /language-models} has.
 *
 * @param delegate the first probe
 * @param aliases knows more names
 * @param required the models that are required
 * @param timeout how long both may take together
 */
record AliasProbe(Probe delegate, Probe aliases, Collection<String> required, Duration timeout) implements Probe {

	@Override
	public Mono<ProbeResult> probe() {
		return this.delegate.probe()
			.flatMap((result) -> isIncomplete(result) ? withAliases(result) : Mono.just(result));
	}

	private boolean isIncomplete(ProbeResult result) {
		return result.models() != null && !result.names().containsAll(this.required);
	}

	private Mono<ProbeResult> withAliases(ProbeResult listed) {
		Duration left = (listed.latency() != null) ? this.timeout.minus(listed.latency()) : this.timeout;
		if (left.isNegative() || left.isZero()) {
			return Mono.just(listed);
		}
		return this.aliases.probe().timeout(left, Mono.just(listed)).map((found) -> together(listed, found));
	}

	private static ProbeResult together(ProbeResult listed, ProbeResult found) {
		Set<String> names = new HashSet<>(listed.names());
		names.addAll(found.names());
		List<String> ids = listed.models();
		return (ids != null) ? listed.serving(ids, names) : listed;
	}

}
