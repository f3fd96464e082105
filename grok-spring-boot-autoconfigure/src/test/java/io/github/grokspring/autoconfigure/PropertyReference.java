package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.io.ClassPathResource;
import org.springframework.util.ClassUtils;

/**
 * Properties as IDEs show them: those of the configuration metadata and, below a map, the
 * components of the record that is its value, documented by their Javadoc.
 */
public final class PropertyReference {

	private static final Path SOURCES = Path.of(System.getProperty("basedir", "."), "src/main/java");

	private static final Pattern PARAMETER = Pattern.compile("@param (\\w+) (.*?)(?=@|$)", Pattern.DOTALL);

	private PropertyReference() {
	}

	/**
	 * Returns the configuration metadata of this module.
	 */
	static JsonNode metadata() {
		try (InputStream stream = new ClassPathResource("META-INF/spring-configuration-metadata.json",
				GrokProperties.class.getClassLoader())
			.getInputStream()) {
			return JsonMapper.shared().readTree(stream);
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns the properties by name, in which {@code *} stands for the key of a map.
	 */
	public static Map<String, Property> read() {
		Map<String, Property> properties = new TreeMap<>();
		for (JsonNode property : metadata().path("properties")) {
			String name = property.path("name").asString();
			String type = property.path("type").asString();
			JsonNode standard = property.path("defaultValue");
			properties.put(name,
					new Property(type,
							standard.isMissingNode() ? null
									: standard.isString() ? standard.asString() : standard.toString(),
							property.path("description").asString(""), property.has("deprecation")));
			Matcher map = Pattern.compile("java\\.util\\.Map<java\\.lang\\.String,(io\\.github\\.grokspring.+)>")
				.matcher(type);
			if (map.matches()) {
				addComponents(name + ".*.", ClassUtils.resolveClassName(map.group(1), null), properties);
			}
		}
		return properties;
	}

	private static void addComponents(String prefix, Class<?> type, Map<String, Property> properties) {
		Map<String, String> descriptions = descriptions(type);
		List<String> defaults = defaults(type);
		RecordComponent[] components = type.getRecordComponents();
		for (int i = 0; i < components.length; i++) {
			String name = prefix + DataObjectPropertyName.toDashedForm(components[i].getName());
			if (components[i].getType().isRecord()) {
				addComponents(name + ".", components[i].getType(), properties);
			}
			else {
				properties.put(name, new Property(typeName(components[i].getGenericType()), defaults.get(i),
						descriptions.getOrDefault(components[i].getName(), ""), false));
			}
		}
	}

	private static List<String> defaults(Class<?> type) {
		List<String> defaults = new ArrayList<>();
		for (Parameter parameter : type.getDeclaredConstructors()[0].getParameters()) {
			DefaultValue standard = parameter.getAnnotation(DefaultValue.class);
			defaults.add((standard != null && standard.value().length > 0) ? String.join(",", standard.value()) : null);
		}
		return defaults;
	}

	private static String typeName(Type type) {
		return (type instanceof ParameterizedType) ? type.getTypeName().replace(", ", ",")
				: ClassUtils.resolvePrimitiveIfNecessary((Class<?>) type).getName();
	}

	private static Map<String, String> descriptions(Class<?> type) {
		Class<?> outermost = type;
		while (outermost.getEnclosingClass() != null) {
			outermost = outermost.getEnclosingClass();
		}
		String source;
		try {
			source = Files.readString(SOURCES.resolve(outermost.getName().replace('.', '/') + ".java"));
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		Matcher comment = Pattern
			.compile("/\\*\\*((?:(?!\\*/).)*)\\*/\\s*(?:@[^\\n]+\\n)?record " + type.getSimpleName() + "\\(",
					Pattern.DOTALL)
			.matcher(source);
		Map<String, String> descriptions = new LinkedHashMap<>();
		if (comment.find()) {
			Matcher parameter = PARAMETER.matcher(comment.group(1).replaceAll("\\s*\\n\\s*\\* ?", " ").strip());
			while (parameter.find()) {
				descriptions.put(parameter.group(1), parameter.group(2).strip());
			}
		}
		return descriptions;
	}

	/**
	 * A property.
	 *
	 * @param type the name of its type
	 * @param defaultValue its default, if it has one
	 * @param description what it is
	 * @param deprecated whether it is deprecated
	 */
	public record Property(String type, @Nullable String defaultValue, String description, boolean deprecated) {

	}

}
