package io.github.grokspring.error;

import java.util.List;

/**
 * Thrown when a request is rejected because it contains parameters that its model does
 * not support and {@code grok.scrub.on-unsupported} is {@code fail}.
 *
 * @since 0.1.0
 */
public final class UnsupportedParameterException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	private final List<String> parameters;

	/**
	 * Creates an exception.
	 * @param model the ID of the requested model
	 * @param parameters the names of the unsupported parameters as in the request
	 * @param message what happened and what to do
	 */
	public UnsupportedParameterException(String model, List<String> parameters, String message) {
		super(message, null, true);
		this.model = model;
		this.parameters = List.copyOf(parameters);
	}

	/**
	 * Returns the ID of the requested model.
	 * @return the model
	 */
	public String model() {
		return this.model;
	}

	/**
	 * Returns the names of the unsupported parameters as in the request, such as
	 * {@code presence_penalty}.
	 * @return the names
	 */
	public List<String> parameters() {
		return this.parameters;
	}

}
