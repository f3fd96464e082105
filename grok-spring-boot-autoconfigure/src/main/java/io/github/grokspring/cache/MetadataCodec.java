package io.github.grokspring.cache;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import org.jspecify.annotations.Nullable;

/**
 * Makes what JSON has of the values in metadata, and the values of that again, of the
 * same types. What JSON has no room for is put into an object that says what it is; hence
 * every object is one of those.
 */
final class MetadataCodec {

	private static final String MAP = "map";

	private static final String LONG = "long";

	private static final String BIG_INTEGER = "integer";

	private static final String BIG_DECIMAL = "decimal";

	private static final MetadataType<Citation> CITATION = new MetadataType<>("citation", Citation.class,
			(citation) -> {
				Map<String, @Nullable Object> fields = new LinkedHashMap<>();
				fields.put("url", citation.url());
				fields.put("title", citation.title());
				fields.put("start", citation.start());
				fields.put("end", citation.end());
				fields.put("kind", citation.kind().name());
				return fields;
			}, (fields) -> new Citation(text(fields, "url"), (String) fields.get("title"), number(fields, "start"),
					number(fields, "end"), Citation.Kind.valueOf(text(fields, "kind"))));

	private static final MetadataType<ToolUse> TOOL_USE = new MetadataType<>("tool-use", ToolUse.class, (use) -> {
		Map<String, @Nullable Object> fields = new LinkedHashMap<>();
		fields.put("type", use.type());
		fields.put("name", use.name());
		fields.put("query", use.query());
		fields.put("url", use.url());
		fields.put("code", use.code());
		fields.put("status", use.status());
		return fields;
	}, (fields) -> new ToolUse(text(fields, "type"), (String) fields.get("name"), (String) fields.get("query"),
			(String) fields.get("url"), (String) fields.get("code"), (String) fields.get("status")));

	private final Map<Class<?>, MetadataType<?>> byClass = new LinkedHashMap<>();

	private final Map<String, MetadataType<?>> byName = new LinkedHashMap<>();

	MetadataCodec(List<MetadataType<?>> types) {
		List<MetadataType<?>> all = new ArrayList<>(List.of(CITATION, TOOL_USE));
		all.addAll(types);
		for (MetadataType<?> type : all) {
			this.byClass.put(type.type(), type);
			this.byName.put(type.name(), type);
		}
	}

	/**
	 * Make a value plain.
	 * @param value the value
	 * @return what JSON has
	 * @throws UnknownTypeException if the value could not be had again
	 */
	@Nullable Object plain(@Nullable Object value) {
		if (value == null || value instanceof String || value instanceof Boolean || value instanceof Integer) {
			return value;
		}
		if (value instanceof Double number && Double.isFinite(number)) {
			return value;
		}
		if (value instanceof Long number) {
			return Map.of(LONG, number);
		}
		if (value instanceof BigInteger number) {
			return Map.of(BIG_INTEGER, number.toString());
		}
		if (value instanceof BigDecimal number) {
			return Map.of(BIG_DECIMAL, number.toString());
		}
		if (value instanceof List<?> list) {
			List<@Nullable Object> plain = new ArrayList<>(list.size());
			list.forEach((element) -> plain.add(plain(element)));
			return plain;
		}
		if (value instanceof Map<?, ?> map) {
			return Map.of(MAP, plainMap(map));
		}
		MetadataType<?> type = this.byClass.get(value.getClass());
		if (type == null) {
			throw new UnknownTypeException(value.getClass());
		}
		return Map.of(type.name(), plainMap(type.takeApart(value)));
	}

	/**
	 * Make the values of a map plain.
	 */
	Map<String, @Nullable Object> plainMap(Map<?, ?> map) {
		Map<String, @Nullable Object> plain = new LinkedHashMap<>();
		map.forEach((key, value) -> {
			if (!(key instanceof String name)) {
				throw new UnknownTypeException(Map.class);
			}
			plain.put(name, plain(value));
		});
		return plain;
	}

	/**
	 * The value that was made plain.
	 * @param plain what was made of it
	 * @return the value
	 */
	@Nullable Object value(@Nullable Object plain) {
		if (plain instanceof List<?> list) {
			List<@Nullable Object> values = new ArrayList<>(list.size());
			list.forEach((element) -> values.add(value(element)));
			return values;
		}
		if (plain instanceof Map<?, ?> wrapped) {
			Map.Entry<?, ?> only = wrapped.entrySet().iterator().next();
			return unwrap(String.valueOf(only.getKey()), Objects.requireNonNull(only.getValue()));
		}
		return plain;
	}

	private Object unwrap(String kind, Object content) {
		return switch (kind) {
			case MAP -> valueMap((Map<?, ?>) content);
			case LONG -> ((Number) content).longValue();
			case BIG_INTEGER -> new BigInteger((String) content);
			case BIG_DECIMAL -> new BigDecimal((String) content);
			default -> Objects.requireNonNull(this.byName.get(kind)).read().apply(valueMap((Map<?, ?>) content));
		};
	}

	/**
	 * The map whose values were made plain.
	 */
	Map<String, @Nullable Object> valueMap(Map<?, ?> plain) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		plain.forEach((key, value) -> values.put(String.valueOf(key), value(value)));
		return values;
	}

	private static String text(Map<String, ?> fields, String name) {
		return (String) Objects.requireNonNull(fields.get(name));
	}

	private static int number(Map<String, ?> fields, String name) {
		return (Integer) Objects.requireNonNull(fields.get(name));
	}

	/**
	 * A value is of a type that a cache cannot hold.
	 */
	@SuppressWarnings("serial")
	static final class UnknownTypeException extends RuntimeException {

		UnknownTypeException(Class<?> type) {
			super("A cache cannot hold values of type " + type.getName());
		}

	}

}
