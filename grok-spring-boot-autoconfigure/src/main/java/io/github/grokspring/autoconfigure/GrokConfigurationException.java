package io.github.grokspring.autoconfigure;

/**
 * A property that cannot work as it is. Says what is wrong with it and what to write
 * instead; never holds a key or another secret.
 */
@SuppressWarnings("serial")
final class GrokConfigurationException extends RuntimeException {

	private final String property;

	private final String problem;

	private final String action;

	/**
	 * Create an exception.
	 * @param property name of the property; relative to what is bound when it is thrown
	 * while binding
	 * @param problem what is wrong, as the sentence that the name begins, without its
	 * full stop
	 * @param action what to write instead, and where
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
