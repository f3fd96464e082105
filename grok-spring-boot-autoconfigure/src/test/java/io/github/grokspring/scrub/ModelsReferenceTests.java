package io.github.grokspring.scrub;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.catalog.GrokModel.Endpoint;
import io.github.grokspring.catalog.GrokModel.Retirement;
import io.github.grokspring.catalog.GrokModel.Status;
import io.github.grokspring.catalog.ModelCatalog;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The tables of models that users read say what the catalogue says.
 */
class ModelsReferenceTests {

	private static final Path REFERENCE = Path.of("../docs/models-and-parameters.md");

	private static final String NOTHING = "–";

	private final ModelCatalog catalog = ModelCatalog.bundled();

	private final Redirects redirects = new Redirects(this.catalog,
			InstantSource.fixed(Instant.parse("2026-11-21T12:00:00Z")));

	@Test
	void whatModelsTake() throws IOException {
		assertThat(tableBelow("| model | refuses | ignores | efforts |")).isEqualTo(models(
				(model) -> model.status() == Status.CURRENT && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.stream()
			.map((model) -> row(code(model.id()), codes(model.refusedParameters()), codes(model.ignoredParameters()),
					efforts(model)))
			.toList());
	}

	@Test
	void whatBecameOfRetiredModels() throws IOException {
		assertThat(tableBelow("| asked | answers | prices per token |")).isEqualTo(models(
				(model) -> model.status() == Status.REDIRECTED && model.endpoints().contains(Endpoint.CHAT_COMPLETIONS))
			.stream()
			.map((model) -> row(names(model), answering(model.retirement()), prices(model)))
			.toList());
	}

	private List<GrokModel> models(Predicate<GrokModel> which) {
		return this.catalog.models().stream().filter(which).toList();
	}

	private String prices(GrokModel model) {
		String factors = this.redirects.factors(model, this.catalog.find(model.retirement().replacement()));
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
