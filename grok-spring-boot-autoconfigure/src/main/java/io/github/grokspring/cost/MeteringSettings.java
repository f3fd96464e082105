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
 * What a {@link MeteringChatModel} works with.
 *
 * @param prices knows what tokens cost, {@code null} to count tokens only
 * @param onUnpriced what is done about a model whose price is not known
 * @param driftWarning by how many percent the reported cost may differ from the table
 * before a warning says so
 * @param tenants says on whose account a prompt goes
 * @param listener is told what each attempt cost and how it ended; one that fails is
 * logged, and the call goes on
 * @param clock tells the time, by which prices are chosen
 * @param nanoTime measures durations, in nanoseconds
 * @param catalog tells which endpoint an attempt goes to that says nothing itself
 * @param largePrompt from how many tokens on the first large prompt of each client is
 * logged, 0 for never
 * @since 0.1.0
 */
public record MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
		TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime,
		ModelCatalog catalog, long largePrompt) {

	/**
	 * From how many tokens on a prompt is large unless something else is said.
	 */
	public static final long DEFAULT_LARGE_PROMPT = 20_000;

	/**
	 * Create what to work with.
	 */
	public MeteringSettings {
		Assert.isTrue(largePrompt >= 0, "'largePrompt' must not be negative");
		listener = GrokEventListener.failSafe(listener);
	}

	/**
	 * Create what to work with, with the default of what a large prompt is.
	 * @param prices knows what tokens cost, {@code null} to count tokens only
	 * @param onUnpriced what is done about a model whose price is not known
	 * @param driftWarning by how many percent the reported cost may differ from the table
	 * @param tenants says on whose account a prompt goes
	 * @param listener is told what each attempt cost and how it ended
	 * @param clock tells the time, by which prices are chosen
	 * @param nanoTime measures durations, in nanoseconds
	 * @param catalog tells which endpoint an attempt goes to that says nothing itself
	 */
	public MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
			TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime,
			ModelCatalog catalog) {
		this(prices, onUnpriced, driftWarning, tenants, listener, clock, nanoTime, catalog, DEFAULT_LARGE_PROMPT);
	}

	/**
	 * Create what to work with, for the models that are known from the start.
	 * @param prices knows what tokens cost, {@code null} to count tokens only
	 * @param onUnpriced what is done about a model whose price is not known
	 * @param driftWarning by how many percent the reported cost may differ from the table
	 * @param tenants says on whose account a prompt goes
	 * @param listener is told what each attempt cost and how it ended
	 * @param clock tells the time, by which prices are chosen
	 * @param nanoTime measures durations, in nanoseconds
	 */
	public MeteringSettings(@Nullable CostCalculator prices, OnUnpriced onUnpriced, BigDecimal driftWarning,
			TenantResolver tenants, GrokEventListener listener, InstantSource clock, LongSupplier nanoTime) {
		this(prices, onUnpriced, driftWarning, tenants, listener, clock, nanoTime, ModelCatalog.bundled());
	}

	/**
	 * Metering with the defaults of {@code grok.cost}.
	 * @param prices knows what tokens cost
	 * @param listener is told what each attempt cost and how it ended
	 * @return what to work with
	 */
	public static MeteringSettings of(CostCalculator prices, GrokEventListener listener) {
		return new MeteringSettings(prices, OnUnpriced.WARN, BigDecimal.ONE, TenantResolver.user(), listener,
				Clock.systemUTC(), System::nanoTime);
	}

}
