package io.github.grokspring.cost;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.grokspring.catalog.ModelCatalog;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.metadata.DefaultUsage;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Every recorded answer of xAI that says what it cost is priced by the table, to the
 * tick. The folder is given by the system property {@code xai.corpus} and described by
 * its {@code index.json}; no file is known by name here. What is not priced is printed
 * with the reason.
 */
class CorpusCostTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final TypeReference<Map<String, Object>> MAP = new TypeReference<>() {
	};

	private static final String TICKS = "cost_in_usd_ticks";

	private final CostCalculator calculator = CostCalculator.of(ModelCatalog.bundled(), PriceConditions.STANDARD);

	private final Map<String, List<String>> skipped = new TreeMap<>();

	private final List<String> wrong = new ArrayList<>();

	private int priced;

	@Test
	void recordedAnswersArePricedToTheTick() {
		String folder = System.getProperty("xai.corpus", "");
		Assumptions.assumeFalse(folder.isBlank(),
				"The system property 'xai.corpus' names no folder of recorded answers to price");
		for (JsonNode entry : JSON.readTree(text(Path.of(folder, "index.json")))) {
			String file = entry.path("file").asString();
			List<Answer> answers = answers(file, text(Path.of(folder, file)));
			if (answers.isEmpty()) {
				skip((entry.path("status").asInt() < 300) ? "no usage" : "an error", file);
			}
			answers.forEach((answer) -> price(answer, answer.time(entry)));
		}
		System.out.println("Answers priced to the tick: " + this.priced);
		this.skipped.forEach((reason, files) -> System.out
			.println("Skipped, because it has " + reason + ": " + files.size() + " " + files));
		assertThat(this.wrong).isEmpty();
		assertThat(this.priced).isPositive();
	}

	private void price(Answer answer, Instant at) {
		DefaultUsage usage = new DefaultUsage(0, 0, 0, answer.usage());
		TokenUsage tokens = TokenUsage.from(usage);
		long reported = XaiUsage.reportedTicks(usage);
		if (tokens == null) {
			skip("a cost that is not by tokens", answer.file());
			return;
		}
		if (reported == XaiUsage.UNKNOWN) {
			skip("no cost", answer.file());
			return;
		}
		PriceConditions conditions = PriceConditions.ofTier(answer.tier())
			.and(new PriceConditions(false, answer.batch(), false));
		Cost cost = this.calculator.price(tokens, answer.model(), at, conditions);
		if (cost.source() == Cost.Source.TABLE && cost.ticks() == reported) {
			this.priced++;
		}
		else {
			this.wrong.add("%s: %s at %s, %s: table %s, reported %d".formatted(answer.file(), answer.model(), at,
					tokens, (cost.source() == Cost.Source.TABLE) ? cost.ticks() : "without price", reported));
		}
	}

	private void skip(String reason, String file) {
		this.skipped.computeIfAbsent(reason, (key) -> new ArrayList<>()).add(file);
	}

	private static List<Answer> answers(String file, String body) {
		List<Answer> answers = new ArrayList<>();
		if (!file.endsWith(".sse")) {
			collect(file, body, false, answers);
			return answers;
		}
		// Of the events of a stream, the last one with usage says what it cost.
		body.lines()
			.filter((line) -> line.startsWith("data:"))
			.forEach((line) -> collect(file, line.substring("data:".length()), false, answers));
		return answers.isEmpty() ? answers : List.of(answers.get(answers.size() - 1));
	}

	private static void collect(String file, String text, boolean batch, List<Answer> answers) {
		try {
			collect(file, JSON.readTree(text), batch, answers);
		}
		catch (JacksonException ex) {
			// No JSON, no usage: errors may be pages, and streams end with a word.
			assertThat(text).as(file).doesNotContain(TICKS);
		}
	}

	private static void collect(String file, JsonNode node, boolean batch, List<Answer> answers) {
		JsonNode usage = node.path("usage");
		if (usage.isObject() && !usage.isEmpty()) {
			answers.add(new Answer(file, node.path("model").asString(""), node.path("service_tier").asString(""), batch,
					node.path("created").asLong(node.path("created_at").asLong(0)), JSON.convertValue(usage, MAP)));
			return;
		}
		node.forEachEntry((name, value) -> collect(file, value, batch || name.startsWith("batch"), answers));
		if (node.isArray()) {
			node.forEach((element) -> collect(file, element, batch, answers));
		}
	}

	private static String text(Path file) {
		try {
			return Files.readString(file, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	record Answer(String file, String model, String tier, boolean batch, long created, Map<String, Object> usage) {

		/** From the answer itself or, when that does not say, from the index. */
		Instant time(JsonNode entry) {
			if (this.created > 0) {
				return Instant.ofEpochSecond(this.created);
			}
			String date = entry.at("/headers/date").asString("");
			if (!date.isEmpty()) {
				return ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
			}
			String day = (entry.path("date").asString("") + "-01-01").substring(0, "2026-01-01".length());
			return LocalDate.parse(day).atStartOfDay(ZoneOffset.UTC).toInstant();
		}

	}

}
