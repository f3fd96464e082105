package io.github.grokspring.catalog;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads the response of {@code GET /v1/language-models}. Unknown fields are ignored; an
 * invalid value makes the whole list unusable.
 */
final class ModelListing {

	private static final int MAX_NAME_LENGTH = 200;

	/** Last epoch second of the year 9999. */
	private static final long LAST_SECOND = 253_402_300_799L;

	private ModelListing() {
	}

	/**
	 * Reads a list of models.
	 * @param body the response body
	 * @throws IllegalArgumentException if it is not a valid list; the message names the
	 * problem and its position but quotes no content
	 */
	static List<RemoteModel> read(byte[] body) {
		JsonNode models = parse(body).path("models");
		require(models.isArray(), "the response", "is not a list of models");
		List<RemoteModel> listed = new ArrayList<>();
		for (JsonNode model : models) {
			listed.add(read(model, "model " + (listed.size() + 1) + " of the list"));
		}
		require(!listed.isEmpty(), "the response", "lists no models");
		return listed;
	}

	private static JsonNode parse(byte[] body) {
		try {
			return JsonMapper.shared().readTree(body);
		}
		catch (JacksonException ex) {
			throw new IllegalArgumentException("the response is not valid JSON", ex);
		}
	}

	private static RemoteModel read(JsonNode model, String where) {
		String id = text(model.get("id"), where);
		require(id != null && !id.isBlank() && id.length() <= MAX_NAME_LENGTH, where, "has no id");
		JsonNode capabilities = model.path("capabilities");
		Long created = number(model, "created", where, LAST_SECOND);
		Long window = number(model, "context_length", where, Integer.MAX_VALUE);
		Long threshold = number(model, "long_context_threshold", where, Integer.MAX_VALUE);
		return new RemoteModel(String.valueOf(id), names(model.get("aliases"), where),
				(created != null && created > 0) ? Instant.ofEpochSecond(created) : null,
				(window != null && window > 0) ? window.intValue() : null, names(model.get("input_modalities"), where),
				names(model.get("output_modalities"), where), list(names(capabilities.get("reasoning_effort"), where)),
				text(capabilities.get("default_reasoning_effort"), where),
				price(model, "prompt_text_token_price", where), price(model, "cached_prompt_text_token_price", where),
				price(model, "prompt_image_token_price", where), price(model, "completion_text_token_price", where),
				(threshold != null) ? threshold.intValue() : null,
				price(model, "prompt_text_token_price_long_context", where),
				price(model, "cached_prompt_text_token_price_long_context", where),
				price(model, "completion_text_token_price_long_context", where));
	}

	private static @Nullable Long price(JsonNode model, String field, String where) {
		return number(model, field, where, Prices.MAX_TICKS_PER_TOKEN);
	}

	private static @Nullable Long number(JsonNode model, String field, String where, long max) {
		JsonNode number = model.get(field);
		if (number == null || number.isNull()) {
			return null;
		}
		boolean valid = number.isNumber() && number.canConvertToExactIntegral() && number.canConvertToLong()
				&& number.longValue() >= 0 && number.longValue() <= max;
		require(valid, where, "has a '" + field + "' that is not a number from 0 to " + max);
		return number.longValue();
	}

	private static @Nullable Set<String> names(@Nullable JsonNode array, String where) {
		if (array == null || array.isNull()) {
			return null;
		}
		require(array.isArray(), where, "has a value of another type than the expected list of names");
		Set<String> names = new LinkedHashSet<>();
		for (JsonNode element : array) {
			String name = text(element, where);
			require(name != null && !name.isBlank() && name.length() <= MAX_NAME_LENGTH, where,
					"has an empty or too long name");
			names.add(String.valueOf(name));
		}
		return names;
	}

	private static @Nullable List<String> list(@Nullable Set<String> names) {
		return (names != null) ? List.copyOf(names) : null;
	}

	private static @Nullable String text(@Nullable JsonNode node, String where) {
		if (node == null || node.isNull()) {
			return null;
		}
		require(node.isString(), where, "has a value of another type than the expected string");
		return node.stringValue();
	}

	private static void require(boolean condition, String where, String problem) {
		if (!condition) {
			throw new IllegalArgumentException(where + " " + problem);
		}
	}

}
