package io.github.grokspring.error;

/**
 * A call to Grok although it is disabled. Nothing was sent.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class GrokDisabledException extends GrokException {

	/**
	 * Create an exception.
	 */
	public GrokDisabledException() {
		super("Grok is disabled, because 'grok.enabled' is 'false'. Set it to 'true' to call a model.", null, true);
	}

}
