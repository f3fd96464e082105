package io.github.grokspring.chain;

import java.util.Set;

/**
 * Names of fields in the body of a request.
 *
 * @since 0.1.0
 */
public final class ReservedFields {

	/**
	 * What a transport writes itself, on either endpoint, so that the extra body has no
	 * say in it.
	 */
	public static final Set<String> TRANSPORT_FIELDS = Set.of("model", "messages", "input", "stream", "stream_options",
			"tools", "deferred", "background");

	private ReservedFields() {
	}

	/**
	 * Returns the name of the limit of visible tokens.
	 * @param endpoint the endpoint that answers
	 * @return the name of the field
	 */
	public static String tokenLimit(GrokApi endpoint) {
		return (endpoint == GrokApi.RESPONSES) ? "max_output_tokens" : "max_completion_tokens";
	}

}
