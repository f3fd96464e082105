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
 * Sources of the {@link GrokEndpoint}. Disabled features are {@code null}.
 *
 * @param clients the clients
 * @param catalog the model catalog
 * @param spend the spend statistics
 * @param errors the error statistics
 * @param budgets the budgets
 * @param limits the rate limits
 * @param configuredLimits the configured rate limits
 * @param circuitBreakers the circuit breakers
 * @param scrubber the scrubber
 * @param cache the response cache
 * @since 0.1.0
 */
public record GrokEndpointContext(GrokClients clients, ModelCatalog catalog, SpendStatistics spend,
		ErrorStatistics errors, @Nullable Budgets budgets, @Nullable RateLimits limits,
		@Nullable RateLimitSettings configuredLimits, @Nullable CircuitBreakers circuitBreakers,
		@Nullable Scrubber scrubber, @Nullable ResponseCache cache) {

}
