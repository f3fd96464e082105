package io.github.grokspring.test;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Creates values that satisfy a JSON schema.
 */
final class SchemaSampler {

	private static final int MAX_DEPTH = 12;

	private static final int MAX_OPTIONAL_DEPTH = 4;

	private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

	private final JsonNode root;

	private final Function<Property, @Nullable JsonNode> hints;

	private SchemaSampler(JsonNode root, Function<Property, @Nullable JsonNode> hints) {
		this.root = root;
		this.hints = hints;
	}

	/**
	 * Creates a value; {@code hints} may provide values of properties.
	 */
	static JsonNode of(JsonNode schema, Function<Property, @Nullable JsonNode> hints) {
		return new SchemaSampler(schema, hints).value("value", schema, 0);
	}

	static JsonNode of(JsonNode schema) {
		return of(schema, (property) -> null);
	}

	private JsonNode value(String name, JsonNode schema, int depth) {
		if (depth > MAX_DEPTH) {
			return NODES.nullNode();
		}
		JsonNode resolved = resolve(schema);
		if (resolved.has("const")) {
			return resolved.get("const");
		}
		for (String choice : new String[] { "anyOf", "oneOf" }) {
			if (!resolved.path(choice).isEmpty()) {
				return value(name, choice(resolved.get(choice), depth), depth + 1);
			}
		}
		String type = type(resolved, depth);
		boolean scalar = !"object".equals(type) && !"array".equals(type);
		JsonNode hint = scalar ? this.hints.apply(new Property(name, type, resolved)) : null;
		if (hint != null) {
			return hint;
		}
		if (!resolved.path("enum").isEmpty()) {
			return resolved.get("enum").get(0);
		}
		return switch (type) {
			case "object" -> object(resolved, depth);
			case "array" -> array(name, resolved, depth);
			case "integer" -> NODES.numberNode(Math.round(number(resolved, 1)));
			case "number" -> NODES.numberNode(number(resolved, 1.5));
			case "boolean" -> NODES.booleanNode(true);
			case "null" -> NODES.nullNode();
			default -> NODES.stringNode(text(name, resolved));
		};
	}

	private JsonNode resolve(JsonNode schema) {
		JsonNode current = schema;
		for (int hops = 0; hops < MAX_DEPTH && current.path("$ref").isString(); hops++) {
			String reference = current.get("$ref").stringValue();
			JsonNode target = reference.startsWith("#") ? this.root.at(reference.substring(1)) : null;
			if (target == null || target.isMissingNode()) {
				throw ApiErrorException.invalidArgument("Invalid schema: " + reference + " cannot be resolved.");
			}
			current = target;
		}
		return current.path("allOf").isEmpty() ? current : merged(current);
	}

	private JsonNode merged(JsonNode schema) {
		ObjectNode merged = NODES.objectNode();
		ObjectNode properties = NODES.objectNode();
		for (JsonNode part : schema.get("allOf")) {
			JsonNode resolved = resolve(part);
			resolved.forEachEntry(merged::set);
			resolved.path("properties").forEachEntry(properties::set);
		}
		schema.forEachEntry(merged::set);
		schema.path("properties").forEachEntry(properties::set);
		merged.remove("allOf");
		if (!properties.isEmpty()) {
			merged.set("properties", properties);
		}
		return merged;
	}

	private static JsonNode choice(JsonNode choices, int depth) {
		for (JsonNode choice : choices) {
			boolean isNull = "null".equals(choice.path("type").stringValue(""));
			if (isNull == depth > MAX_OPTIONAL_DEPTH) {
				return choice;
			}
		}
		return choices.get(0);
	}

	private static String type(JsonNode schema, int depth) {
		JsonNode type = schema.path("type");
		if (type.isString()) {
			return type.stringValue();
		}
		for (JsonNode candidate : type) {
			boolean isNull = "null".equals(candidate.stringValue(""));
			if (isNull == depth > MAX_OPTIONAL_DEPTH) {
				return candidate.stringValue();
			}
		}
		if (!type.isEmpty()) {
			return type.get(0).stringValue();
		}
		if (schema.path("enum").isEmpty() && schema.has("properties")) {
			return "object";
		}
		return schema.has("items") ? "array" : "string";
	}

	private JsonNode object(JsonNode schema, int depth) {
		ObjectNode object = NODES.objectNode();
		JsonNode required = schema.path("required");
		schema.path("properties").forEachEntry((name, property) -> {
			if (depth < MAX_OPTIONAL_DEPTH || contains(required, name)) {
				object.set(name, value(name, property, depth + 1));
			}
		});
		return object;
	}

	private JsonNode array(String name, JsonNode schema, int depth) {
		var array = NODES.arrayNode();
		int min = schema.path("minItems").intValue(0);
		int count = (depth > MAX_OPTIONAL_DEPTH) ? min : Math.max(1, min);
		if (schema.path("maxItems").isInt()) {
			count = Math.min(count, schema.get("maxItems").intValue());
		}
		for (int i = 0; i < count; i++) {
			array.add(value(name, schema.path("items"), depth + 1));
		}
		return array;
	}

	private static double number(JsonNode schema, double preferred) {
		double number = preferred;
		if (schema.path("minimum").isNumber()) {
			number = Math.max(number, schema.get("minimum").doubleValue());
		}
		if (schema.path("exclusiveMinimum").isNumber()) {
			number = Math.max(number, schema.get("exclusiveMinimum").doubleValue() + 1);
		}
		if (schema.path("maximum").isNumber()) {
			number = Math.min(number, schema.get("maximum").doubleValue());
		}
		return number;
	}

	private static String text(String name, JsonNode schema) {
		String text = switch (schema.path("format").stringValue("")) {
			case "date" -> "2026-11-01";
			case "date-time" -> "2026-11-01T12:00:00Z";
			case "time" -> "12:00:00Z";
			case "duration" -> "PT1H";
			case "email" -> "someone@example.com";
			case "uri", "url" -> "https://example.com";
			case "uuid" -> "00000000-0000-4000-8000-000000000000";
			default -> name;
		};
		int min = schema.path("minLength").intValue(0);
		if (text.length() < min) {
			text = text + ".".repeat(min - text.length());
		}
		int max = schema.path("maxLength").intValue(Integer.MAX_VALUE);
		return (text.length() > max) ? text.substring(0, max) : text;
	}

	private static boolean contains(JsonNode array, String name) {
		for (JsonNode element : array) {
			if (name.equals(element.stringValue(""))) {
				return true;
			}
		}
		return false;
	}

	record Property(String name, String type, JsonNode schema) {
	}

}
