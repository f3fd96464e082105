package io.github.grokspring.event;

import java.util.List;

/**
 * A request was sent without parameters that its model refuses or ignores, or with
 * another value of them.
 *
 * @param client the client
 * @param model the model that was asked
 * @param parameters names in the spelling of the request, such as
 * {@code presence_penalty}
 * @since 0.1.0
 */
public record ParametersScrubbed(String client, String model, List<String> parameters) implements GrokEvent {

	/**
	 * Create an event. The list is copied.
	 */
	public ParametersScrubbed {
		parameters = List.copyOf(parameters);
	}

}
