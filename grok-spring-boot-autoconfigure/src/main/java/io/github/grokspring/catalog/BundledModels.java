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
 * Models of this library, read from {@code models.json}: current ones first, and newest
 * first among them.
 * <p>
 * Prices are in ticks, per token unless they are units. Dates without a time are midnight
 * UTC. A cached token without a price costs as much as any prompt token. A tool without a
 * fee, such as {@code mcp}, costs tokens only. An image created by a tool counts at the
 * lowest list price, because usage does not contain its size and quality. Some old prices
 * applied to prompts of more than 128,000 tokens; they are stored with the threshold
 * 128000. The price of a model was last seen on the day before {@code own_until} and may
 * have changed to that of its replacement at any time since.
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
	 * Returns the fee for a run of a server-side tool.
	 * @param tool the tool as named in usage
	 * @param at the time of the run
	 * @return the fee in ticks, 0 if the tool costs tokens only
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
				date(model.get("released")), date(model.get("checked")), status, capabilities(model), prices,
				end(model.get("retirement")));
	}

	private static @Nullable ModelCapabilities capabilities(JsonNode model) {
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

	// All models so far price image tokens like text tokens.
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
	 * Fee for a run of a server-side tool.
	 *
	 * @param ticks the fee
	 * @param from the time from which it applies, or {@code null}
	 * @param until the time until which it applies, or {@code null}
	 */
	private record ToolFee(long ticks, @Nullable Instant from, @Nullable Instant until) {

		boolean isValidAt(Instant at) {
			return (this.from == null || !at.isBefore(this.from)) && (this.until == null || at.isBefore(this.until));
		}

	}

}
