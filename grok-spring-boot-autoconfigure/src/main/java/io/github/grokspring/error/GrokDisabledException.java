package io.github.grokspring.error;

/**
 * Thrown when a model is called although Grok is disabled.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class GrokDisabledException extends GrokException {

	/**
	 * Creates an exception.
	 */
	public GrokDisabledException() {
		super("Grok is disabled because 'grok.enabled' is 'false'. Set it to 'true' to call models.", null, true);
	}

}
