package io.github.grokspring.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/**
 * Builder for the fields of a tool that leaves out unset values.
 */
final class ToolFields {

	private final Map<String, Object> fields = new LinkedHashMap<>();

	ToolFields(String type) {
		this.fields.put("type", type);
	}

	ToolFields value(String name, @Nullable Object value) {
		if (value != null) {
			this.fields.put(name, value);
		}
		return this;
	}

	ToolFields text(String name, @Nullable Object value) {
		return value(name, (value != null) ? value.toString() : null);
	}

	ToolFields list(String name, List<String> values) {
		return value(name, values.isEmpty() ? null : values);
	}

	Map<String, Object> toMap() {
		return Collections.unmodifiableMap(this.fields);
	}

}
