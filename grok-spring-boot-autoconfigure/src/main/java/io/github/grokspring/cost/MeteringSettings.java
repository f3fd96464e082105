package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.time.Clock;
import java.time.InstantSource;
import java.util.function.LongSupplier;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;

/**
 * Settings for {@link MeteringChatModel}.
 *
 * @param prices calculates the cost of tokens, {@code null} to count tokens only
 * @param onUnpriced the action for models with an unknown price
 * @param driftWarning the difference between reported cost and price table, in percent,
 * above which a warning is logged
 * @param tenants resolves the tenant of a prompt
 * @param listener receives the cost and the outcome of each attempt; exceptions are
 * logged and do not fail the call
 * @param clock provides the time for which prices are chosen
 * @param nanoTime provides the time source for durations, in nanoseconds
 * @param catalog the model catalog, used to determine the endpoint of attempts without a
 * response
 * @param largePrompt the number of tokens from which the first large prompt of each
 * client is logged, 0 to disable
 * @since 0.1.0
 */
public record MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
		TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime,
		ModelCatalog catalog, long largePrompt) {

	/**
	 * Default number of tokens from which a prompt is large.
	 */
	public static final long DEFAULT_LARGE_PROMPT = 20_000;

	/**
	 * Creates new settings.
	 */
	public MeteringSettings {
		Assert.isTrue(largePrompt >= 0, "'largePrompt' must not be negative");
		listener = GrokEventListener.failSafe(listener);
	}

	/**
	 * Creates new settings with the default size of large prompts.
	 * @param prices calculates the cost of tokens, {@code null} to count tokens only
	 * @param onUnpriced the action for models with an unknown price
	 * @param driftWarning the difference between reported cost and price table, in
	 * percent, above which a warning is logged
	 * @param tenants resolves the tenant of a prompt
	 * @param listener receives the cost and the outcome of each attempt
	 * @param clock provides the time for which prices are chosen
	 * @param nanoTime provides the time source for durations, in nanoseconds
	 * @param catalog the model catalog
	 */
	public MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
			TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime,
			ModelCatalog catalog) {
		this(prices, onUnpriced, driftWarning, tenants, listener, clock, nanoTime, catalog, DEFAULT_LARGE_PROMPT);
	}

	/**
	 * Creates new settings with the bundled model catalog.
	 * @param prices calculates the cost of tokens, {@code null} to count tokens only
	 * @param onUnpriced the action for models with an unknown price
	 * @param driftWarning the difference between reported cost and price table, in
	 * percent, above which a warning is logged
	 * @param tenants resolves the tenant of a prompt
	 * @param listener receives the cost and the outcome of each attempt
	 * @param clock provides the time for which prices are chosen
	 * @param nanoTime provides the time source for durations, in nanoseconds
	 */
	public MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
			TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime) {
		this(prices, onUnpriced, driftWarning, tenants, listener, clock, nanoTime, ModelCatalog.bundled());
	}

	/**
	 * Creates settings with the defaults of {@code grok.cost}.
	 * @param prices calculates the cost of tokens
	 * @param listener receives the cost and the outcome of each attempt
	 * @return the settings
	 */
	public static MeteringSettings of(CostCalculator prices, GrokEventListener listener) {
		return new MeteringSettings(prices, OnUnpriced.WARN, BigDecimal.ONE, TenantResolver.user(), listener,
				Clock.systemUTC(), System::nanoTime);
	}

}
