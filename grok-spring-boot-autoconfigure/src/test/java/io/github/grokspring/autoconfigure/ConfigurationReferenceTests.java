package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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
	void namedClientsTakeEveryKeyOfTheDefaultClient() throws IOException {
		assertThat(keysBelow(NAMED_CLIENTS)).isEqualTo(keysBelow("grok.chat."));
	}

	@Test
	void everyPropertyHasADescription() throws IOException {
		assertThat(metadata()).allSatisfy((name, entry) -> assertThat(entry.meaning()).isNotBlank());
	}

	private static TreeSet<String> keysBelow(String prefix) throws IOException {
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

	private static Map<String, Entry> metadata() throws IOException {
		Map<String, Entry> entries = new TreeMap<>();
		for (URL file : Collections.list(ConfigurationReferenceTests.class.getClassLoader()
			.getResources("META-INF/spring-configuration-metadata.json"))) {
			try (InputStream stream = file.openStream()) {
				for (JsonNode property : JsonMapper.shared().readTree(stream).path("properties")) {
					String name = property.path("name").stringValue();
					if (name.startsWith("grok.")) {
						entries.put(name, new Entry(property.path("defaultValue").asString(""),
								property.path("description").asString("")));
					}
				}
			}
		}
		return entries;
	}

	/**
	 * What is said about a property.
	 */
	private record Entry(String defaultValue, String meaning) {

	}

}
