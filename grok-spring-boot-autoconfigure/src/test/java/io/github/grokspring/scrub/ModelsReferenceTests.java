package io.github.grokspring.scrub;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.NumberFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Retirement;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.catalog.Prices;
import io.github.grokspring.catalog.Prices.TokenPrices;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the tables of models in the documentation match the catalog.
 */
class ModelsReferenceTests {

	private static final Path REFERENCE = Path.of("../docs/models-and-parameters.md");

	private static final Instant TODAY = Instant.parse("2026-11-30T12:00:00Z");

	private static final String NOTHING = "–";

	private final ModelCatalog catalog = ModelCatalog.bundled();

	private final ModelRedirectDetector redirects = new ModelRedirectDetector(this.catalog,
			InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")));

	@Test
	void listsPricesOfModels() throws IOException {
		assertThat(tableBelow(
				"| model | context window | input | cached input | output | long prompt | knowledge cutoff |"))
			.isEqualTo(models(
					(model) -> model.status() == Status.CURRENT && model.endpoints().contains(Endpoint.RESPONSES))
				.stream()
				.map(ModelsReferenceTests::priced)
				.toList());
	}

	@Test
	void listsPricesOfImages() throws IOException {
		assertThat(tableBelow("| model | unit | price |")).isEqualTo(
				models((model) -> model.status() == Status.CURRENT && model.endpoints().contains(Endpoint.IMAGES))
					.stream()
					.flatMap((model) -> new TreeMap<>(model.pricesAt(TODAY).units()).entrySet()
						.stream()
						.map((unit) -> row(code(model.id()), code(unit.getKey()), usd(unit.getValue(), 10))))
					.toList());
	}

	@Test
	void listsSupportedParameters() throws IOException {
		assertThat(tableBelow("| model | rejects | ignores | efforts |")).isEqualTo(models(
				(model) -> model.status() == Status.CURRENT && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.stream()
			.map((model) -> row(code(model.id()), codes(model.refusedParameters()), codes(model.ignoredParameters()),
					efforts(model)))
			.toList());
	}

	@Test
	void listsRetiredModels() throws IOException {
		assertThat(tableBelow("| requested | answering | price per token |")).isEqualTo(models(
				(model) -> model.status() == Status.REDIRECTED && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.stream()
			.map((model) -> row(names(model), answering(model.retirement()), prices(model)))
			.toList());
	}

	private static String priced(GrokModel model) {
		Prices prices = model.pricesAt(TODAY);
		TokenPrices tokens = prices.tokens();
		TokenPrices more = prices.longContext();
		return row(code(model.id()), NumberFormat.getIntegerInstance(Locale.ROOT).format(model.contextWindow()),
				usd(tokens.input(), 4), usd(tokens.cachedInput(), 4), usd(tokens.output(), 4),
				usd(more.input(), 4) + " / " + usd(more.cachedInput(), 4) + " / " + usd(more.output(), 4),
				(model.knowledgeCutoff() != null) ? model.knowledgeCutoff().toString() : NOTHING);
	}

	private static String usd(long ticks, int scale) {
		BigDecimal usd = BigDecimal.valueOf(ticks, scale).stripTrailingZeros();
		return usd.setScale(Math.max(2, usd.scale())).toPlainString();
	}

	private List<GrokModel> models(Predicate<GrokModel> which) {
		return this.catalog.models().stream().filter(which).toList();
	}

	private String prices(GrokModel model) {
		String factors = this.redirects.priceFactors(model, this.catalog.find(model.retirement().replacement()));
		return (factors != null) ? factors : NOTHING;
	}

	private static String answering(Retirement retirement) {
		String effort = (retirement.effort() != null) ? " with effort " + code(retirement.effort()) : "";
		return code(retirement.replacement()) + effort;
	}

	private static String names(GrokModel model) {
		String aliases = model.aliases()
			.stream()
			.sorted()
			.map(ModelsReferenceTests::code)
			.collect(Collectors.joining(", "));
		return code(model.id()) + (aliases.isEmpty() ? "" : ", " + aliases);
	}

	private static String efforts(GrokModel model) {
		if (model.reasoningEfforts().isEmpty()) {
			return NOTHING;
		}
		return model.reasoningEfforts()
			.stream()
			.map((effort) -> effort.equals(model.defaultReasoningEffort()) ? "**" + effort + "**" : effort)
			.collect(Collectors.joining(", "));
	}

	private static String codes(Collection<String> names) {
		return names.isEmpty() ? NOTHING
				: new TreeSet<>(names).stream().map(ModelsReferenceTests::code).collect(Collectors.joining(", "));
	}

	private static String code(String name) {
		return "`" + name + "`";
	}

	private static String row(String... cells) {
		return "| " + String.join(" | ", cells) + " |";
	}

	private static List<String> tableBelow(String header) throws IOException {
		return Files.readAllLines(REFERENCE)
			.stream()
			.dropWhile((line) -> !line.equals(header))
			.skip(2)
			.takeWhile((line) -> line.startsWith("|"))
			.toList();
	}

}
