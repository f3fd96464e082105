package io.github.grokspring.error;

import java.util.List;

/**
 * A request was not sent, because its model refuses parameters of it and the application
 * wants to be told ({@code grok.scrub.on-unsupported: fail}).
 *
 * @since 0.1.0
 */
public final class UnsupportedParameterException extends GrokException {

	private static final long serialVersionUID = 1L;

	private final String model;

	private final List<String> parameters;

	/**
	 * Create an exception.
	 * @param model the model that was asked
	 * @param parameters what it refuses, in the spelling of the request
	 * @param message what is refused and what to do
	 */
	public UnsupportedParameterException(String model, List<String> parameters, String message) {
		super(message, null, true);
		this.model = model;
		this.parameters = List.copyOf(parameters);
	}

	/**
	 * The model that was asked.
	 * @return its id
	 */
	public String model() {
		return this.model;
	}

	/**
	 * What the model refuses.
	 * @return names in the spelling of the request, such as {@code presence_penalty}
	 */
	public List<String> parameters() {
		return this.parameters;
	}

}
