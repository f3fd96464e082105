package io.github.grokspring.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Reasoning;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelEntry.End;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that come with this library, read from {@code models.json}: the current ones
 * first, the newest of them first. Prices are ticks, per token where they are not units;
 * a date without time begins at midnight UTC; a cached token without a price costs what
 * any token of the prompt costs. Some old prices are said to hold for prompts of more
 * than 128,000 tokens; their threshold is 128000 nevertheless, as it is history. What is
 * {@code own_until} a day was last seen at its own price on the day before, and later
 * answered by its replacement; what was between is not known.
 */
final class BundledModels {

	private static final String RESOURCE = "models.json";

	private static final List<ModelEntry> ENTRIES = read();

	private static final ModelCatalog CATALOG = CatalogSnapshot.of(ENTRIES, Map.of(), 0);

	private BundledModels() {
	}

	static List<ModelEntry> entries() {
		return ENTRIES;
	}

	static ModelCatalog catalog() {
		return CATALOG;
	}

	private static List<ModelEntry> read() {
		try (InputStream stream = Objects.requireNonNull(BundledModels.class.getResourceAsStream(RESOURCE), RESOURCE)) {
			List<ModelEntry> entries = new ArrayList<>();
			for (JsonNode model : JsonMapper.shared().readTree(stream)) {
				entries.add(entry(model));
			}
			return List.copyOf(entries);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static ModelEntry entry(JsonNode model) {
		Status status = constant(Status.class, model.path("status").asString("current"));
		List<Prices> prices = model.path("prices").valueStream().map(BundledModels::prices).toList();
		return new ModelEntry(model.get("id").stringValue(), strings(model.path("aliases")),
				date(model.get("released")), date(model.get("checked")), status, facts(model), prices,
				end(model.get("retirement")));
	}

	private static @Nullable ModelFacts facts(JsonNode model) {
		JsonNode reasoning = model.get("reasoning");
		if (reasoning == null) {
			return null;
		}
		Set<Endpoint> endpoints = strings(model.path("endpoints")).stream()
			.map((endpoint) -> constant(Endpoint.class, endpoint))
			.collect(Collectors.toSet());
		return new ModelFacts(model.path("context_window").intValue(0), strings(model.path("input")),
				strings(model.path("output")), endpoints, constant(Reasoning.class, reasoning.stringValue()),
				List.copyOf(strings(model.path("reasoning_efforts"))), text(model.get("default_reasoning_effort")),
				strings(model.path("refused")), strings(model.path("ignored")));
	}

	private static Prices prices(JsonNode prices) {
		JsonNode longContext = prices.get("long_context");
		Map<String, Long> units = new HashMap<>();
		prices.path("units").forEachEntry((unit, price) -> units.put(unit, price.longValue()));
		return new Prices(instant(prices.get("from")), prices.has("input") ? tokens(prices) : null,
				(longContext != null) ? longContext.get("threshold").intValue() : 0,
				(longContext != null) ? tokens(longContext) : null, prices.path("batch_percent").intValue(100), units);
	}

	/** Image tokens cost what text tokens cost, with every model there has been. */
	private static TokenPrices tokens(JsonNode prices) {
		long input = prices.get("input").longValue();
		return new TokenPrices(input, prices.path("cached_input").longValue(input), input,
				prices.get("output").longValue());
	}

	private static @Nullable End end(@Nullable JsonNode retirement) {
		if (retirement == null) {
			return null;
		}
		JsonNode at = retirement.has("at") ? retirement.get("at") : retirement.get("own_until");
		return new End(instant(at), date(retirement.get("at")), text(retirement.get("replacement")),
				text(retirement.get("effort")));
	}

	private static @Nullable String text(@Nullable JsonNode node) {
		return (node != null) ? node.stringValue() : null;
	}

	private static @Nullable LocalDate date(@Nullable JsonNode node) {
		return (node != null) ? LocalDate.parse(node.stringValue().substring(0, 10)) : null;
	}

	private static @Nullable Instant instant(@Nullable JsonNode node) {
		if (node == null) {
			return null;
		}
		String text = node.stringValue();
		return (text.indexOf('T') > 0) ? OffsetDateTime.parse(text).toInstant()
				: LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
	}

	private static Set<String> strings(JsonNode array) {
		Set<String> strings = new LinkedHashSet<>();
		array.forEach((element) -> strings.add(element.stringValue()));
		return strings;
	}

	private static <E extends Enum<E>> E constant(Class<E> type, String name) {
		return Enum.valueOf(type, name.toUpperCase(Locale.ROOT));
	}

}
