package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.stream.Collectors;

import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.util.ConcurrentLruCache;

/**
 * Validates JSON output of a model against a schema. Thread-safe.
 */
final class JsonSchemaValidator {

	private static final String FENCE = "```";

	private static final SchemaRegistry REGISTRY = SchemaRegistry
		.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

	private final ConcurrentLruCache<String, Schema> schemas = new ConcurrentLruCache<>(128,
			(schema) -> REGISTRY.getSchema(JsonMapper.shared().readTree(schema)));

	/**
	 * Validates a text.
	 * @param schema the schema
	 * @param json the output of the model, optionally in a Markdown code fence
	 * @return the violations, empty if the text is valid
	 */
	Problems validate(String schema, String json) {
		JsonNode value;
		try {
			value = JsonMapper.shared().readTree(withoutFences(json));
		}
		catch (JacksonException ex) {
			return new Problems("It is not JSON.", "not JSON");
		}
		if (value.isMissingNode()) {
			return new Problems("It is empty.", "empty");
		}
		List<Error> errors = this.schemas.get(schema).validate(value);
		return new Problems(errors.stream().map(Error::getMessage).collect(Collectors.joining("; ")),
				errors.stream().map(Error::getKeyword).distinct().collect(Collectors.joining(", ")));
	}

	private static String withoutFences(String text) {
		String json = text.strip();
		int end = json.length() - FENCE.length();
		int start = json.indexOf('\n');
		boolean fenced = json.startsWith(FENCE) && json.endsWith(FENCE) && start >= 0 && start < end;
		return fenced ? json.substring(start, end) : json;
	}

	/**
	 * Violations of a schema.
	 *
	 * @param forModel the description for the model, which may quote the text and must
	 * not be logged
	 * @param keywords the violated keywords of the schema
	 */
	record Problems(String forModel, String keywords) {

		boolean isEmpty() {
			return this.keywords.isEmpty();
		}

	}

}
