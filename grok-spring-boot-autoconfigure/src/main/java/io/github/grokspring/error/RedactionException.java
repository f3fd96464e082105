package io.github.grokspring.error;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a request is rejected because it contains private data and
 * {@code grok.redaction.mode} is {@code fail}, or because the request could not be
 * inspected. Contains the kinds and counts of the values, never a value.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class RedactionException extends GrokException {

	private final Map<String, Integer> found;

	/**
	 * Creates an exception.
	 * @param found the number of values by kind, empty if the inspection failed
	 * @param message what happened and what to do
	 */
	public RedactionException(Map<String, Integer> found, String message) {
		this(found, message, null);
	}

	/**
	 * Creates an exception.
	 * @param found the number of values by kind, empty if the inspection failed
	 * @param message what happened and what to do
	 * @param cause the cause, which must not contain a value
	 */
	public RedactionException(Map<String, Integer> found, String message, @Nullable Throwable cause) {
		super(message, cause, true);
		this.found = Map.copyOf(found);
	}

	/**
	 * Returns the number of values by kind, sorted by kind.
	 * @return the counts
	 */
	public Map<String, Integer> found() {
		return new TreeMap<>(this.found);
	}

}
