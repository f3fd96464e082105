package io.github.grokspring.cost;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.GrokException;

/**
 * A request was not sent, because the price of its model is not known and the application
 * wants to be told ({@code grok.cost.on-unpriced: fail}).
 *
 * @since 0.1.0
 */
public final class UnpricedModelException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	/**
	 * Create an exception.
	 * @param model the model that was asked
	 */
	public UnpricedModelException(String model) {
		super("The price of model '" + LogSanitizer.sanitize(model)
				+ "' is not known, so the request was not sent. Set 'grok.models[" + LogSanitizer.sanitize(model)
				+ "].price', or let it pass with 'grok.cost.on-unpriced: warn'.", null, true);
		this.model = model;
	}

	/**
	 * The model that was asked.
	 * @return its id
	 */
	public String model() {
		return this.model;
	}

}
