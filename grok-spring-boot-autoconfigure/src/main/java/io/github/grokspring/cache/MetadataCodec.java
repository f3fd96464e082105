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
 * Encodes metadata values as JSON values and decodes them with their original types.
 * Values that JSON cannot represent are wrapped in an object with a single property that
 * names the type. Hence every encoded object is such a wrapper.
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
	 * Encodes a value.
	 * @throws UnknownTypeException if the value could not be decoded again
	 */
	@Nullable Object encode(@Nullable Object value) {
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
			List<@Nullable Object> encoded = new ArrayList<>(list.size());
			list.forEach((element) -> encoded.add(encode(element)));
			return encoded;
		}
		if (value instanceof Map<?, ?> map) {
			return Map.of(MAP, encodeMap(map));
		}
		MetadataType<?> type = this.byClass.get(value.getClass());
		if (type == null) {
			throw new UnknownTypeException(value.getClass());
		}
		return Map.of(type.name(), encodeMap(type.toFields(value)));
	}

	Map<String, @Nullable Object> encodeMap(Map<?, ?> map) {
		Map<String, @Nullable Object> encoded = new LinkedHashMap<>();
		map.forEach((key, value) -> {
			if (!(key instanceof String name)) {
				throw new UnknownTypeException(Map.class);
			}
			encoded.put(name, encode(value));
		});
		return encoded;
	}

	@Nullable Object decode(@Nullable Object encoded) {
		if (encoded instanceof List<?> list) {
			List<@Nullable Object> values = new ArrayList<>(list.size());
			list.forEach((element) -> values.add(decode(element)));
			return values;
		}
		if (encoded instanceof Map<?, ?> wrapped) {
			Map.Entry<?, ?> only = wrapped.entrySet().iterator().next();
			return decode(String.valueOf(only.getKey()), Objects.requireNonNull(only.getValue()));
		}
		return encoded;
	}

	private Object decode(String kind, Object content) {
		return switch (kind) {
			case MAP -> decodeMap((Map<?, ?>) content);
			case LONG -> ((Number) content).longValue();
			case BIG_INTEGER -> new BigInteger((String) content);
			case BIG_DECIMAL -> new BigDecimal((String) content);
			default -> Objects.requireNonNull(this.byName.get(kind)).read().apply(decodeMap((Map<?, ?>) content));
		};
	}

	Map<String, @Nullable Object> decodeMap(Map<?, ?> encoded) {
		Map<String, @Nullable Object> values = new LinkedHashMap<>();
		encoded.forEach((key, value) -> values.put(String.valueOf(key), decode(value)));
		return values;
	}

	private static String text(Map<String, ?> fields, String name) {
		return (String) Objects.requireNonNull(fields.get(name));
	}

	private static int number(Map<String, ?> fields, String name) {
		return (Integer) Objects.requireNonNull(fields.get(name));
	}

	@SuppressWarnings("serial")
	static final class UnknownTypeException extends RuntimeException {

		UnknownTypeException(Class<?> type) {
			super("Cannot cache values of type " + type.getName());
		}

	}

}
