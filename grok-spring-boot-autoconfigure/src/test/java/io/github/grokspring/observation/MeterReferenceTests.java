package io.github.grokspring.observation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.event.GrokEvent;
import io.micrometer.core.instrument.Meter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the documentation of meters and events matches the code.
 */
class MeterReferenceTests {

	private static final Path DOCS = Path.of("../docs");

	private static final Pattern METER = Pattern
		.compile("^\\| `(grok\\.[^`]+)` \\| (.*?) \\| (.*?) ?\\| (.*?) ?\\| (.+) \\|$");

	private static final Pattern EVENT = Pattern.compile("^\\| `([A-Z][A-Za-z]+)` \\| .+ \\|$");

	private static final Pattern TICKED = Pattern.compile("`(grok\\.client\\.[a-z.]+)`");

	@Test
	void documentsAllMeters() throws IOException {
		Map<String, Entry> expected = new TreeMap<>();
		for (GrokMeter meter : GrokMeter.values()) {
			expected.put(meter.id(), Entry.of(meter));
		}
		Map<String, Entry> documented = new TreeMap<>();
		for (String line : lines("observability.md")) {
			Matcher row = METER.matcher(line);
			if (row.matches()) {
				Entry entry = new Entry(row.group(2), row.group(3), row.group(4), row.group(5));
				assertThat(documented.put(row.group(1), entry)).as(row.group(1)).isNull();
			}
		}
		assertThat(documented).containsExactlyEntriesOf(expected);
	}

	@Test
	void documentsAllEvents() throws IOException {
		List<String> documented = new ArrayList<>();
		for (String line : lines("observability.md")) {
			Matcher row = EVENT.matcher(line);
			if (row.matches() && !line.contains("Grok")) {
				documented.add(row.group(1));
			}
		}
		assertThat(documented).containsExactlyInAnyOrderElementsOf(
				Stream.of(GrokEvent.class.getPermittedSubclasses()).map(Class::getSimpleName).toList());
	}

	@ParameterizedTest
	@ValueSource(strings = { "money.md", "resilience.md", "models-and-parameters.md", "observability.md" })
	void pagesReferToExistingMeters(String page) throws IOException {
		TreeSet<String> named = new TreeSet<>();
		for (String line : lines(page)) {
			TICKED.matcher(line).results().forEach((match) -> named.add(match.group(1)));
		}
		assertThat(named).isNotEmpty();
		assertThat(Stream.of(GrokMeter.values()).map(GrokMeter::id).toList()).containsAll(named);
	}

	private static List<String> lines(String page) throws IOException {
		return Files.readAllLines(DOCS.resolve(page));
	}

	/**
	 * Row of the documented table of meters.
	 */
	private record Entry(String kind, String unit, String tags, String meaning) {

		static Entry of(GrokMeter meter) {
			String unit = (meter.baseUnit() != null) ? meter.baseUnit()
					: ((meter.type() == Meter.Type.TIMER) ? "seconds" : "");
			return new Entry(meter.type().name().toLowerCase(Locale.ROOT).replace('_', ' '), unit,
					meter.tags().stream().map((tag) -> "`" + tag + "`").collect(Collectors.joining(", ")),
					meter.description());
		}

	}

}
