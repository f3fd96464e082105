package io.github.grokspring.catalog;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
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
import io.github.grokspring.catalog.ModelEntry.EndOfLife;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The models that come with this library, read from {@code models.json}: the current ones
 * first, the newest of them first. Prices are ticks, per token where they are not units;
 * a date without time begins at midnight UTC; a cached token without a price costs what
 * any token of the prompt costs. A tool without a fee, such as {@code mcp}, costs tokens
 * only; an image that a tool makes is counted at the lowest list price, because usage
 * does not say its size and quality. Some old prices are said to hold for prompts of more
 * than 128,000 tokens; their threshold is 128000 nevertheless, as it is history. What is
 * {@code own_until} a day was last seen at its own price on the day before, and later
 * answered by its replacement; what was between is not known.
 */
final class BundledModels {

	private static final String RESOURCE = "models.json";

	private static final List<ModelEntry> ENTRIES;

	private static final Map<String, List<ToolFee>> TOOL_FEES;

	static {
		JsonNode content = read();
		ENTRIES = content.get("models").valueStream().map(BundledModels::entry).toList();
		TOOL_FEES = content.get("tool_fees")
			.valueStream()
			.collect(Collectors.groupingBy((fee) -> fee.get("tool").stringValue(),
					Collectors.mapping(BundledModels::toolFee, Collectors.toList())));
	}

	private static final ModelCatalog CATALOG = CatalogSnapshot.of(ENTRIES, Map.of(), 0);

	private BundledModels() {
	}

	static List<ModelEntry> entries() {
		return ENTRIES;
	}

	static ModelCatalog catalog() {
		return CATALOG;
	}

	/**
	 * The fee for a run of a server-side tool.
	 * @param tool the tool, as usage names it
	 * @param at the time of the run
	 * @return the fee in ticks, 0 if it costs tokens only
	 */
	static long toolFee(String tool, Instant at) {
		for (ToolFee fee : TOOL_FEES.getOrDefault(tool, List.of())) {
			if (fee.isValidAt(at)) {
				return fee.ticks();
			}
		}
		return 0;
	}

	private static ToolFee toolFee(JsonNode fee) {
		return new ToolFee(fee.get("ticks").longValue(), instant(fee.get("from")), instant(fee.get("until")));
	}

	private static JsonNode read() {
		try (InputStream stream = Objects.requireNonNull(BundledModels.class.getResourceAsStream(RESOURCE), RESOURCE)) {
			return JsonMapper.shared().readTree(stream);
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

	private static @Nullable ModelCapabilities facts(JsonNode model) {
		JsonNode reasoning = model.get("reasoning");
		if (reasoning == null) {
			return null;
		}
		Set<Endpoint> endpoints = strings(model.path("endpoints")).stream()
			.map((endpoint) -> constant(Endpoint.class, endpoint))
			.collect(Collectors.toSet());
		return new ModelCapabilities(month(model.get("knowledge_cutoff")), model.path("context_window").intValue(0),
				strings(model.path("input")), strings(model.path("output")), endpoints, strings(model.path("regions")),
				constant(Reasoning.class, reasoning.stringValue()),
				List.copyOf(strings(model.path("reasoning_efforts"))), text(model.get("default_reasoning_effort")),
				model.path("returns_encrypted_reasoning").booleanValue(false), strings(model.path("refused")),
				strings(model.path("ignored")));
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

	private static @Nullable EndOfLife end(@Nullable JsonNode retirement) {
		if (retirement == null) {
			return null;
		}
		JsonNode at = retirement.has("at") ? retirement.get("at") : retirement.get("own_until");
		return new EndOfLife(instant(at), date(retirement.get("at")), text(retirement.get("replacement")),
				text(retirement.get("effort")));
	}

	private static @Nullable String text(@Nullable JsonNode node) {
		return (node != null) ? node.stringValue() : null;
	}

	private static @Nullable LocalDate date(@Nullable JsonNode node) {
		return (node != null) ? LocalDate.parse(node.stringValue().substring(0, 10)) : null;
	}

	private static @Nullable YearMonth month(@Nullable JsonNode node) {
		return (node != null) ? YearMonth.parse(node.stringValue()) : null;
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

	/**
	 * What one run of a server-side tool costs.
	 *
	 * @param ticks the fee
	 * @param from since when it applies, {@code null} for always
	 * @param until when it ended, {@code null} for never
	 */
	private record ToolFee(long ticks, @Nullable Instant from, @Nullable Instant until) {

		boolean isValidAt(Instant at) {
			return (this.from == null || !at.isBefore(this.from)) && (this.until == null || at.isBefore(this.until));
		}

	}

}
