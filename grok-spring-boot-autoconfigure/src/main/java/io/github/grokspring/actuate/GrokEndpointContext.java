package io.github.grokspring.actuate;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.cache.ResponseCache;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.ratelimit.RateLimitSettings;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakers;
import io.github.grokspring.scrub.Scrubber;
import org.jspecify.annotations.Nullable;

/**
 * Where the endpoint looks. What is {@code null} is switched off.
 *
 * @param clients the clients
 * @param catalog the catalogue of models
 * @param spend what was spent
 * @param errors how attempts failed
 * @param budgets the budgets
 * @param limits the limits
 * @param configuredLimits what is configured of them
 * @param circuitBreakers the circuit breakers
 * @param scrubber what was learned of models
 * @param cache the cache of answers
 * @since 0.1.0
 */
public record GrokEndpointContext(GrokClients clients, ModelCatalog catalog, SpendStatistics spend,
		ErrorStatistics errors, @Nullable Budgets budgets, @Nullable RateLimits limits,
		@Nullable RateLimitSettings configuredLimits, @Nullable CircuitBreakers circuitBreakers,
		@Nullable Scrubber scrubber, @Nullable ResponseCache cache) {

}
