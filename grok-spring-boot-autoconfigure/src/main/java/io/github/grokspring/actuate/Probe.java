package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

import io.github.grokspring.connection.XaiHttpClient;
import reactor.core.publisher.Mono;

/**
 * Finds out whether xAI can be used, without being billed. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Probe {

	/**
	 * Ask once. Who subscribes may be on any thread, and what was found out may arrive on
	 * an event loop.
	 * @return what was found out; one element, and never a failure
	 */
	Mono<ProbeResult> probe();

	/**
	 * A probe that lists the models ({@code GET /v1/models}). When xAI denies that, it
	 * looks at the key to learn why.
	 * @param exchange carries the request
	 * @param timeout how long it may take
	 * @param clock tells how long it took
	 * @return the probe
	 */
	static Probe models(XaiHttpClient exchange, Duration timeout, Clock clock) {
		return new ApiKeyFallbackProbe(new EndpointProbe(exchange, "/models", timeout, clock, ModelsResponse::read),
				apiKey(exchange, timeout, clock), timeout);
	}

	/**
	 * A probe that lists the models ({@code GET /v1/models}) and, when a required one is
	 * not among them, looks for its name in {@code GET /v1/language-models}. When xAI
	 * denies that, it looks at the key to learn why.
	 * @param exchange carries the requests
	 * @param timeout how long they may take together
	 * @param clock tells how long they took
	 * @param requiredModels ids and aliases of the models that must be served
	 * @return the probe
	 */
	static Probe models(XaiHttpClient exchange, Duration timeout, Clock clock, Collection<String> requiredModels) {
		return new AliasProbe(models(exchange, timeout, clock),
				new EndpointProbe(exchange, "/language-models", timeout, clock, ModelsResponse::readLanguageModels),
				Set.copyOf(requiredModels), timeout);
	}

	/**
	 * A probe that looks at the key ({@code GET /v1/api-key}).
	 * @param exchange carries the request
	 * @param timeout how long it may take
	 * @param clock tells how long it took
	 * @return the probe
	 */
	static Probe apiKey(XaiHttpClient exchange, Duration timeout, Clock clock) {
		return new EndpointProbe(exchange, "/api-key", timeout, clock, ApiKeyResponse::read);
	}

	/**
	 * This probe, asked once for all who want to know at the same time, and not again
	 * while what it found is fresh. Trouble is fresh for five seconds at most, so that
	 * its end is noticed soon.
	 * @param timeToLive how long it is fresh
	 * @param clock tells the time
	 * @return the probe
	 */
	default Probe cached(Duration timeToLive, Clock clock) {
		return new CachedProbe(this, timeToLive, clock);
	}

}
