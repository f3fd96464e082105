package io.github.grokspring.tool;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A tool that this version does not know. Never shows the values of its fields but the
 * type.
 *
 * @param fields the fields in the spelling of xAI, sent as they are
 * @since 0.1.0
 */
public record OtherTool(Map<String, Object> fields) implements ServerTool {

	private static final String TYPE = "type";

	/**
	 * Checks that there is a type.
	 * @throws IllegalArgumentException if there is none, or if it is the one of tools
	 * that run in the application
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
