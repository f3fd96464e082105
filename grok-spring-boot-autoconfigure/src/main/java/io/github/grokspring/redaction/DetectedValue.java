package io.github.grokspring.redaction;

import org.springframework.util.Assert;

/**
 * A value in a text that must not be sent to xAI. Does not contain the value itself.
 *
 * @param kind the kind of the value, such as {@code email}; a short lower-case name that
 * is used as a meter tag and, in upper case, in placeholders
 * @param start start index, in chars
 * @param end end index, exclusive
 * @param contextual whether the value was detected by its context, so that further
 * occurrences in the request have to be found
 * @since 0.1.0
 */
public record DetectedValue(String kind, int start, int end, boolean contextual) {

	/**
	 * Validates the components.
	 */
	public DetectedValue {
		Assert.hasText(kind, "'kind' must not be empty");
		Assert.isTrue(start >= 0 && end > start, "'end' must be greater than 'start', which must not be negative");
	}

	/**
	 * Creates a contextual value.
	 * @param kind the kind of the value
	 * @param start start index, in chars
	 * @param end end index, exclusive
	 */
	public DetectedValue(String kind, int start, int end) {
		this(kind, start, end, true);
	}

	DetectedValue shift(int offset) {
		return new DetectedValue(this.kind, this.start + offset, this.end + offset, this.contextual);
	}

}
