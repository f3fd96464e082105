package io.github.grokspring.cost;

import java.time.Instant;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;

/**
 * A few models with prices that do not depend on what xAI takes today.
 */
record TestCatalog(Map<String, GrokModel> byName) implements ModelCatalog {

	static final Instant CHANGE = Instant.parse("2026-08-01T00:00:00Z");

	static final Instant NOW = Instant.parse("2026-11-20T12:00:00Z");

	static final Prices.TokenPrices PRICES = new Prices.TokenPrices(12_500, 2_000, 12_500, 25_000);

	static final Prices.TokenPrices LONG_CONTEXT = new Prices.TokenPrices(25_000, 4_000, 25_000, 50_000);

	static final Prices.TokenPrices OLD = new Prices.TokenPrices(20_000, 5_000, 20_000, 60_000);

	static TestCatalog create() {
		GrokModel tiered = model("tiered", List.of(new Prices(null, PRICES, 200_000, LONG_CONTEXT, 80, Map.of())));
		GrokModel dated = model("dated", List.of(new Prices(CHANGE, PRICES, 0, null, 100, Map.of()),
				new Prices(null, OLD, 0, null, 100, Map.of())));
		GrokModel free = model("unpriced", List.of());
		return new TestCatalog(Map.of("tiered", tiered, "dated", dated, "unpriced", free));
	}

	@Override
	public GrokModel find(String name) {
		return this.byName.get(name);
	}

	@Override
	public GrokModel get(String name) {
		GrokModel model = find(name);
		return (model != null) ? model : model(name, List.of());
	}

	@Override
	public Collection<GrokModel> models() {
		return this.byName.values();
	}

	@Override
	public List<String> similar(String name) {
		return List.of();
	}

	@Override
	public long revision() {
		return 0;
	}

	private static GrokModel model(String id, List<Prices> prices) {
		return new GrokModel(id, Set.of(), true, GrokModel.Status.CURRENT, null, LocalDate.EPOCH, null, 0, Set.of(),
				Set.of(), Set.of(), Set.of(), GrokModel.Reasoning.ALWAYS, List.of(), null, Set.of(), Set.of(), prices,
				null);
	}

}
