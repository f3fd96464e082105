package io.github.grokspring.scrub;

import java.util.List;

import io.github.grokspring.chain.GrokChatOptions;

/**
 * Result of scrubbing a request.
 *
 * @param options the options to send
 * @param parameters the names of the removed or changed request fields
 * @since 0.1.0
 */
public record Scrubbed(GrokChatOptions options, List<String> parameters) {

	/**
	 * Creates a result. The list is copied.
	 */
	public Scrubbed {
		parameters = List.copyOf(parameters);
	}

}
