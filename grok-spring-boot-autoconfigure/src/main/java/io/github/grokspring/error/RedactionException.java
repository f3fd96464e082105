package io.github.grokspring.error;

import java.util.Map;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/**
 * A request was not sent, because something private is in it and the application wants to
 * be told ({@code grok.redaction.mode: fail}), or because it could not be searched. Says
 * which kinds of values there are and how many; never holds a value.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class RedactionException extends GrokException {

	private final Map<String, Integer> found;

	/**
	 * Create an exception.
	 * @param found how many values of which kind were found, none if the search failed
	 * @param message what happened and what to do
	 */
	public RedactionException(Map<String, Integer> found, String message) {
		this(found, message, null);
	}

	/**
	 * Create an exception.
	 * @param found how many values of which kind were found, none if the search failed
	 * @param message what happened and what to do
	 * @param cause what led to it, which must not hold a value either
	 */
	public RedactionException(Map<String, Integer> found, String message, @Nullable Throwable cause) {
		super(message, cause, true);
		this.found = Map.copyOf(found);
	}

	/**
	 * What was found.
	 * @return how many values by kind, in the order of the kinds
	 */
	public Map<String, Integer> found() {
		return new TreeMap<>(this.found);
	}

}
