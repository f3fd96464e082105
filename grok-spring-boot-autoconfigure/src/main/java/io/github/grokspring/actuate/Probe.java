package io.github.grokspring.actuate;

import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.Set;

import io.github.grokspring.connection.XaiHttpClient;
import reactor.core.publisher.Mono;

/**
 * Checks whether xAI is available, without being billed. Implementations are thread-safe.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface Probe {

	/**
	 * Checks the availability. May be subscribed to on any thread; the result may be
	 * emitted on an event loop.
	 * @return the result; exactly one element and never an error
	 */
	Mono<ProbeResult> probe();

	/**
	 * Creates a probe that lists models ({@code GET /v1/models}). If xAI responds with
	 * 403, it checks the API key to determine the reason.
	 * @param httpClient the HTTP client
	 * @param timeout the timeout of all requests together
	 * @param clock the clock that measures the latency
	 * @return the probe
	 */
	static Probe models(XaiHttpClient httpClient, Duration timeout, Clock clock) {
		return new ApiKeyFallbackProbe(new EndpointProbe(httpClient, "/models", timeout, clock, ModelsResponse::read),
				apiKey(httpClient, timeout, clock), timeout);
	}

	/**
	 * Creates a probe that lists models ({@code GET /v1/models}), and their aliases
	 * ({@code GET /v1/language-models}) if a required model is missing. If xAI responds
	 * with 403, it checks the API key to determine the reason.
	 * @param httpClient the HTTP client
	 * @param timeout the timeout of all requests together
	 * @param clock the clock that measures the latency
	 * @param requiredModels the IDs or aliases of the required models
	 * @return the probe
	 */
	static Probe models(XaiHttpClient httpClient, Duration timeout, Clock clock, Collection<String> requiredModels) {
		return new AliasProbe(models(httpClient, timeout, clock),
				new EndpointProbe(httpClient, "/language-models", timeout, clock, ModelsResponse::readLanguageModels),
				Set.copyOf(requiredModels), timeout);
	}

	/**
	 * Creates a probe that checks the API key ({@code GET /v1/api-key}).
	 * @param httpClient the HTTP client
	 * @param timeout the timeout of the request
	 * @param clock the clock that measures the latency
	 * @return the probe
	 */
	static Probe apiKey(XaiHttpClient httpClient, Duration timeout, Clock clock) {
		return new EndpointProbe(httpClient, "/api-key", timeout, clock, ApiKeyResponse::read);
	}

	/**
	 * Returns a probe that caches the result of this one and shares a running check
	 * between concurrent subscribers. Problems are cached for at most five seconds.
	 * @param timeToLive the time for which a result is reused
	 * @param clock the clock
	 * @return the caching probe
	 */
	default Probe cached(Duration timeToLive, Clock clock) {
		return new CachedProbe(this, timeToLive, clock);
	}

}
