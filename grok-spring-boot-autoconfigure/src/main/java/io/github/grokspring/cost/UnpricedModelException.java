package io.github.grokspring.cost;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.GrokException;

/**
 * Exception thrown if a request is rejected because the price of its model is unknown
 * ({@code grok.cost.on-unpriced: fail}).
 *
 * @since 0.1.0
 */
public final class UnpricedModelException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	/**
	 * Creates a new exception.
	 * @param model the requested model
	 */
	public UnpricedModelException(String model) {
		super("The price of model '" + LogSanitizer.sanitize(model)
				+ "' is not known, so the request was not sent. Set 'grok.models[" + LogSanitizer.sanitize(model)
				+ "].price', or let it pass with 'grok.cost.on-unpriced: warn'.", null, true);
		this.model = model;
	}

	/**
	 * Returns the requested model.
	 * @return the id of the model
	 */
	public String model() {
		return this.model;
	}

}
