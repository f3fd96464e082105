package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The reference that users read says what the metadata for IDEs says.
 */
class ConfigurationReferenceTests {

	private static final Path REFERENCE = Path.of("../docs/configuration.md");

	private static final String NAMED_CLIENTS = "grok.clients.*.";

	private static final Pattern ROW = Pattern.compile("^\\| `(grok\\.[^`]+)` \\| (?:`([^`]*)`)? ?\\| (.+) \\|$");

	@Test
	void namesEveryPropertyWithItsDefaultAndMeaning() throws IOException {
		Map<String, Entry> expected = new TreeMap<>(metadata());
		expected.keySet().removeIf((name) -> name.startsWith(NAMED_CLIENTS));
		assertThat(reference()).containsExactlyEntriesOf(expected);
	}

	@Test
	void namedClientsTakeEveryKeyOfTheDefaultClient() {
		assertThat(keysBelow(NAMED_CLIENTS)).isEqualTo(keysBelow("grok.chat."));
	}

	@Test
	void everyPropertyHasADescription() {
		assertThat(metadata()).allSatisfy((name, entry) -> assertThat(entry.meaning()).isNotBlank());
	}

	private static TreeSet<String> keysBelow(String prefix) {
		return metadata().keySet()
			.stream()
			.filter((name) -> name.startsWith(prefix))
			.map((name) -> name.substring(prefix.length()))
			.collect(Collectors.toCollection(TreeSet::new));
	}

	private static Map<String, Entry> reference() throws IOException {
		Map<String, Entry> entries = new TreeMap<>();
		for (String line : Files.readAllLines(REFERENCE)) {
			Matcher row = ROW.matcher(line);
			if (row.matches()) {
				String standard = (row.group(2) != null) ? row.group(2) : "";
				assertThat(entries.put(row.group(1), new Entry(standard, row.group(3)))).as(row.group(1)).isNull();
			}
		}
		return entries;
	}

	private static Map<String, Entry> metadata() {
		Map<String, Entry> entries = new TreeMap<>();
		PropertyReference.read().forEach((name, property) -> {
			if (name.startsWith("grok.")) {
				entries.put(name,
						new Entry(Objects.requireNonNullElse(property.defaultValue(), ""), property.description()));
			}
		});
		return entries;
	}

	/**
	 * What is said about a property.
	 */
	private record Entry(String defaultValue, String meaning) {

	}

}
