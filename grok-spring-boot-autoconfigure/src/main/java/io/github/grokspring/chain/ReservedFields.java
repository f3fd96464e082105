package io.github.grokspring.chain;

import java.util.Set;

/**
 * Names of request fields.
 *
 * @since 0.1.0
 */
public final class ReservedFields {

	/**
	 * Fields written by the transports, which the extra body cannot override.
	 */
	public static final Set<String> TRANSPORT_FIELDS = Set.of("model", "messages", "input", "stream", "stream_options",
			"tools", "deferred", "background");

	private ReservedFields() {
	}

	/**
	 * Returns the field for the limit of visible tokens.
	 * @param endpoint the endpoint
	 * @return the field name
	 */
	public static String tokenLimit(GrokApi endpoint) {
		return (endpoint == GrokApi.RESPONSES) ? "max_output_tokens" : "max_completion_tokens";
	}

}
