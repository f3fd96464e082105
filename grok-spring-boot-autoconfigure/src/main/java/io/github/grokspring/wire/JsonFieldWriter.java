package io.github.grokspring.wire;

import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/**
 * The optional fields of one request body: what is not set is not written, and what was
 * written is not written again by the extra body. Remembers names only as far as there is
 * an extra body. Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class JsonFieldWriter {

	private final JsonGenerator json;

	private final Map<String, Object> extraBody;

	private final Set<String> written;

	/**
	 * Write fields.
	 * @param json where to; stands in the object that is the body
	 * @param extraBody what {@link #writeExtraBody(Set)} adds
	 */
	public JsonFieldWriter(JsonGenerator json, Map<String, Object> extraBody) {
		this.json = json;
		this.extraBody = extraBody;
		this.written = extraBody.isEmpty() ? Set.of() : new HashSet<>();
	}

	/**
	 * Keep the extra body from writing fields, as when they are other names of one that
	 * was written.
	 * @param names names of the fields
	 */
	public void markWritten(String... names) {
		if (!this.extraBody.isEmpty()) {
			this.written.addAll(Set.of(names));
		}
	}

	/**
	 * Begin a field of which the caller writes the value.
	 * @param name name of the field
	 * @return where to write it
	 */
	public JsonGenerator startField(String name) {
		if (!this.extraBody.isEmpty()) {
			this.written.add(name);
		}
		this.json.writeName(name);
		return this.json;
	}

	/**
	 * Write a number.
	 * @param name name of the field
	 * @param value the number
	 * @return whether it was written
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
	 * Write a flag.
	 * @param name name of the field
	 * @param value the flag
	 */
	public void writeBoolean(String name, @Nullable Boolean value) {
		if (value != null) {
			startField(name).writeBoolean(value);
		}
	}

	/**
	 * Write a text.
	 * @param name name of the field
	 * @param value the text
	 * @return whether it was written
	 */
	public boolean writeString(String name, @Nullable String value) {
		if (value == null) {
			return false;
		}
		startField(name).writeString(value);
		return true;
	}

	/**
	 * Write an array of texts, unless it is empty.
	 * @param name name of the field
	 * @param values the texts
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
	 * Write an object, unless it is empty.
	 * @param name name of the field
	 * @param value the object
	 */
	public void writeObject(String name, Map<String, ?> value) {
		if (!value.isEmpty()) {
			startField(name).writePOJO(value);
		}
	}

	/**
	 * Write what the extra body adds.
	 * @param reserved names of fields in which it has no say
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
