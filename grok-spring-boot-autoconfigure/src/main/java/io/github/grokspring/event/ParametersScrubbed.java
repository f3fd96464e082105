package io.github.grokspring.event;

import java.util.List;

/**
 * Published when parameters were removed from a request or changed, because the model
 * rejects or ignores them.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param parameters the names of the parameters as in the request, such as
 * {@code presence_penalty}
 * @since 0.1.0
 */
public record ParametersScrubbed(String client, String model, List<String> parameters) implements GrokEvent {

	/**
	 * Creates an event.
	 */
	public ParametersScrubbed {
		parameters = List.copyOf(parameters);
	}

}
