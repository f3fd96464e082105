package io.github.grokspring.autoconfigure;

/**
 * Thrown when a property has an invalid value. The message describes the problem and what
 * to set instead, and contains no secrets.
 */
@SuppressWarnings("serial")
final class GrokConfigurationException extends RuntimeException {

	private final String property;

	private final String problem;

	private final String action;

	/**
	 * Creates an exception.
	 * @param property the name of the property, relative to the bound prefix when it is
	 * thrown during binding
	 * @param problem the problem, as the rest of a sentence that begins with the name of
	 * the property, without a full stop
	 * @param action what to set instead, as complete sentences
	 */
	GrokConfigurationException(String property, String problem, String action) {
		super("'" + property + "' " + problem + ". " + action);
		this.property = property;
		this.problem = problem;
		this.action = action;
	}

	String property() {
		return this.property;
	}

	String problem() {
		return this.problem;
	}

	String action() {
		return this.action;
	}

}
