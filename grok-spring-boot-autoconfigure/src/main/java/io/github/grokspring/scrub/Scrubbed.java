package io.github.grokspring.scrub;

import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;

/**
 * A request as its model accepts it.
 *
 * @param options the options to send
 * @param parameters what was taken out or changed, in the spelling of the request
 * @since 0.1.0
 */
public record Scrubbed(GrokChatOptions options, List<String> parameters) {

	/**
	 * Create a result. The list is copied.
	 */
	public Scrubbed {
		parameters = List.copyOf(parameters);
	}

}
