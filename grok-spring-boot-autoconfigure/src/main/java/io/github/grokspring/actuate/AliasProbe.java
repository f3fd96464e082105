package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import reactor.core.publisher.Mono;

/**
 * {@link Probe} that uses a second probe for aliases if the first one does not list all
 * required models: {@code /models} may lack aliases that {@code /language-models} lists.
 *
 * @param delegate the first probe
 * @param aliases the second probe
 * @param required the required models
 * @param timeout the timeout of both probes together
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
		return this.aliases.probe().timeout(left, Mono.just(listed)).map((found) -> merge(listed, found));
	}

	private static ProbeResult merge(ProbeResult listed, ProbeResult found) {
		Set<String> names = new HashSet<>(listed.names());
		names.addAll(found.names());
		List<String> ids = listed.models();
		return (ids != null) ? listed.withModels(ids, names) : listed;
	}

}
