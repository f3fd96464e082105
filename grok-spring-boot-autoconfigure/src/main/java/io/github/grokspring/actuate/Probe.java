package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;

import io.github.grokspring.connection.HttpExchange;
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
	 * Ask once.
	 * @return what was found out; never a failure
	 */
	Mono<ProbeResult> ask();

	/**
	 * A probe that lists the models ({@code GET /v1/models}).
	 * @param exchange carries the request
	 * @param timeout how long it may take
	 * @param clock tells how long it took
	 * @return the probe
	 */
	static Probe models(HttpExchange exchange, Duration timeout, Clock clock) {
		return new EndpointProbe(exchange, "/models", timeout, clock, ModelsAnswer::read);
	}

	/**
	 * A probe that looks at the key ({@code GET /v1/api-key}).
	 * @param exchange carries the request
	 * @param timeout how long it may take
	 * @param clock tells how long it took
	 * @return the probe
	 */
	static Probe apiKey(HttpExchange exchange, Duration timeout, Clock clock) {
		return new EndpointProbe(exchange, "/api-key", timeout, clock, ApiKeyAnswer::read);
	}

	/**
	 * This probe, asked once for all who want to know at the same time, and not again
	 * while what it found is fresh.
	 * @param timeToLive how long it is fresh
	 * @param clock tells the time
	 * @return the probe
	 */
	default Probe cached(Duration timeToLive, Clock clock) {
		return new CachedProbe(this, timeToLive, clock);
	}

}
