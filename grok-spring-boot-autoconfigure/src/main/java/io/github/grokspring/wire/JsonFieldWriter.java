package io.github.grokspring.wire;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * Writes the optional fields of a request body. Skips fields that are not set, and does
 * not let the extra body repeat a field.
 * <p>
 * Not thread-safe.
 *
 * @since 0.1.0
 */
public final class JsonFieldWriter {

	private final JsonGenerator json;

	private final Map<String, Object> extraBody;

	private final Set<String> written;

	/**
	 * Creates a writer.
	 * @param json the generator, inside the object of the body
	 * @param extraBody the fields to add with {@link #writeExtraBody(Set)}
	 */
	public JsonFieldWriter(JsonGenerator json, Map<String, Object> extraBody) {
		this.json = json;
		this.extraBody = extraBody;
		this.written = extraBody.isEmpty() ? Set.of() : new HashSet<>();
	}

	/**
	 * Excludes fields from the extra body, for example other names of a written field.
	 * @param names the field names
	 */
	public void markWritten(String... names) {
		if (!this.extraBody.isEmpty()) {
			this.written.addAll(Set.of(names));
		}
	}

	/**
	 * Writes the name of a field whose value the caller writes.
	 * @param name the field name
	 * @return the generator
	 */
	public JsonGenerator startField(String name) {
		if (!this.extraBody.isEmpty()) {
			this.written.add(name);
		}
		this.json.writeName(name);
		return this.json;
	}

	/**
	 * Writes a number.
	 * @param name the field name
	 * @param value the value, or {@code null} to skip the field
	 * @return whether the field was written
	 */
	public boolean writeNumber(String name, @Nullable Number value) {
		if (value == null) {
			return false;
		}
		if (value instanceof Double real) {
			startField(name).writeNumber(real);
		}
		else {
			startField(name).writeNumber(value.intValue());
		}
		return true;
	}

	/**
	 * Writes a boolean.
	 * @param name the field name
	 * @param value the value, or {@code null} to skip the field
	 */
	public void writeBoolean(String name, @Nullable Boolean value) {
		if (value != null) {
			startField(name).writeBoolean(value);
		}
	}

	/**
	 * Writes a string.
	 * @param name the field name
	 * @param value the value, or {@code null} to skip the field
	 * @return whether the field was written
	 */
	public boolean writeString(String name, @Nullable String value) {
		if (value == null) {
			return false;
		}
		startField(name).writeString(value);
		return true;
	}

	/**
	 * Writes an array of strings.
	 * @param name the field name
	 * @param values the values; the field is skipped if there are none
	 */
	public void writeStrings(String name, @Nullable Collection<String> values) {
		if (values != null && !values.isEmpty()) {
			JsonGenerator array = startField(name);
			array.writeStartArray();
			values.forEach(array::writeString);
			array.writeEndArray();
		}
	}

	/**
	 * Writes an object.
	 * @param name the field name
	 * @param value the object; the field is skipped if it is empty
	 */
	public void writeObject(String name, Map<String, ?> value) {
		if (!value.isEmpty()) {
			startField(name).writePOJO(value);
		}
	}

	/**
	 * Writes the fields of the extra body that have not been written.
	 * @param reserved names of fields to skip
	 */
	public void writeExtraBody(Set<String> reserved) {
		if (this.extraBody.isEmpty()) {
			return;
		}
		this.extraBody.forEach((name, value) -> {
			if (!reserved.contains(name) && !this.written.contains(name)) {
				this.json.writeName(name);
				this.json.writePOJO(value);
			}
		});
	}

}
