package io.github.grokspring.golden;

import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.autoconfigure.PropertyReference;
import org.junit.jupiter.api.Test;

/**
 * Names, types and defaults of the properties. Types of this project are described by
 * their values. {@code -Dgolden.write=true} regenerates the list.
 */
class PropertiesTests {

	private static final Pattern OWN_TYPE = Pattern.compile("io\\.github\\.grokspring\\.[\\w.$]+");

	@Test
	void propertiesAreThoseOfTheList() {
		TreeSet<String> lines = new TreeSet<>();
		PropertyReference.read()
			.forEach((name,
					property) -> lines.add(name + " | " + type(property.type()) + " | "
							+ Objects.requireNonNullElse(property.defaultValue(), "-")
							+ (property.deprecated() ? " | deprecated" : "")));
		Golden.verify("properties.txt", String.join("\n", lines) + "\n");
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

}
