package io.github.grokspring.redaction;

import org.springframework.util.Assert;

/**
 * A part of a text that is to be kept from xAI. Does not hold the text itself.
 *
 * @param kind what kind of value it is, such as {@code email}; a short name in lower case
 * that goes into meters and, in upper case, into placeholders
 * @param start where it begins, counted in chars
 * @param end where it ends, exclusive
 * @param contextual whether it was recognised by what stands around it, so that the same
 * value has to be looked for in the rest of the request
 * @since 0.1.0
 */
public record DetectedValue(String kind, int start, int end, boolean contextual) {

	/**
	 * Create a finding.
	 */
	public DetectedValue {
		Assert.hasText(kind, "'kind' must not be empty");
		Assert.isTrue(start >= 0 && end > start, "'end' must be greater than 'start', which must not be negative");
	}

	/**
	 * Create a finding whose value is looked for in the rest of the request.
	 * @param kind what kind of value it is
	 * @param start where it begins, counted in chars
	 * @param end where it ends, exclusive
	 */
	public DetectedValue(String kind, int start, int end) {
		this(kind, start, end, true);
	}

	/**
	 * The same finding at another place.
	 * @param offset by how much it moves
	 * @return a finding
	 */
	DetectedValue moved(int offset) {
		return new DetectedValue(this.kind, this.start + offset, this.end + offset, this.contextual);
	}

}
