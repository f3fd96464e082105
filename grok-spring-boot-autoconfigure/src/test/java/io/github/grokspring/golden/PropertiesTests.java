package io.github.grokspring.golden;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.chain.GrokChatModel;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.core.io.ClassPathResource;

/**
 * Names, types and defaults of the properties. Types of this project are described by
 * their values. {@code -Dgolden.write=true} regenerates the list.
 */
class PropertiesTests {

	private static final Pattern OWN_TYPE = Pattern.compile("io\\.github\\.grokspring\\.[\\w.$]+");

	@Test
	void propertiesAreThoseOfTheList() throws IOException {
		TreeSet<String> lines = new TreeSet<>();
		for (JsonNode property : metadata().path("properties")) {
			lines.add(property.path("name").asString() + " | " + type(property.path("type").asString()) + " | "
					+ defaultValue(property.path("defaultValue"))
					+ (property.has("deprecation") ? " | deprecated" : ""));
		}
		Golden.verify("properties.txt", String.join("\n", lines) + "\n");
	}

	private static JsonNode metadata() throws IOException {
		try (InputStream stream = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				GrokChatModel.class.getClassLoader())
			.getInputStream()) {
			return JsonMapper.shared().readTree(stream);
		}
	}

	private static String type(String type) {
		Matcher own = OWN_TYPE.matcher(type);
		return own.replaceAll((match) -> Matcher.quoteReplacement(values(match.group()))).replace("java.lang.", "");
	}

	private static String values(String name) {
		try {
			Class<?> type = Class.forName(name, false, PropertiesTests.class.getClassLoader());
			return type.isEnum() ? Arrays.stream(type.getEnumConstants())
				.map((constant) -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT).replace('_', '-'))
				.sorted()
				.toList()
				.toString() : "object";
		}
		catch (ClassNotFoundException ex) {
			throw new IllegalStateException("The metadata name a type that does not exist", ex);
		}
	}

	private static String defaultValue(JsonNode value) {
		return value.isMissingNode() ? "-" : value.isString() ? value.asString() : value.toString();
	}

}
