package io.github.grokspring.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Server-side tool that this version has no type for. Field values other than the type
 * are not part of {@link #toString()}.
 *
 * @param fields the fields in the format of xAI, sent unchanged
 * @since 0.1.0
 */
public record OtherTool(Map<String, Object> fields) implements ServerTool {

	private static final String TYPE = "type";

	/**
	 * Creates a new {@code OtherTool} instance.
	 * @throws IllegalArgumentException if there is no type, or if the type is {@code
	 * function}
	 */
	public OtherTool {
		if (!(fields.get(TYPE) instanceof String type) || type.isBlank()) {
			throw new IllegalArgumentException("'type' must be the type of a server-side tool, such as 'web_search'");
		}
		if ("function".equals(type)) {
			throw new IllegalArgumentException(
					"'type' is 'function', but such tools run in the application: use a ToolCallback");
		}
		fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
	}

	@Override
	public String type() {
		return String.valueOf(this.fields.get(TYPE));
	}

	@Override
	public String key() {
		return (this.fields.get("server_label") instanceof String label) ? type() + " " + label : type();
	}

	@Override
	public String toString() {
		return "OtherTool[type=" + type() + ", fields=" + this.fields.keySet() + "]";
	}

}
