package io.github.grokspring.responses;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.wire.AbstractXaiChatModel;
import io.github.grokspring.wire.DecodedResponse;
import io.github.grokspring.wire.ResponseStreamDecoder;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} for xAI's Responses API. It is the transport at the end of the chain
 * of a {@link io.github.grokspring.chain.GrokChatModel} and requires complete
 * {@link GrokChatOptions}. Responses are not stored at xAI unless the options enable
 * {@code store}.
 * <p>
 * System messages are sent as input items in place. Encrypted reasoning is kept in the
 * message metadata and sent back as long as the model stays the same.
 * <p>
 * A stream emits text (with reasoning in the message metadata {@code reasoning-delta}),
 * the state of server-side tools and citations (in the response metadata
 * {@code grok.tools} and {@code citations}), and a last element with tool calls, finish
 * reason, usage and response metadata. Subscribers may block. A stream fails if it ends
 * before the response is complete.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ResponsesModel extends AbstractXaiChatModel {

	private static final String PATH = "/responses";

	private final WarnOnce warnings = new WarnOnce();

	private ResponsesModel(Builder builder) {
		super(builder);
	}

	/**
	 * Creates a builder.
	 * @param httpClient the client that sends requests to xAI
	 * @return a builder
	 */
	public static Builder builder(XaiHttpClient httpClient) {
		return new Builder(httpClient);
	}

	@Override
	protected String path() {
		return PATH;
	}

	@Override
	protected ApiRequest.Body requestBody(Prompt prompt, GrokChatOptions options, boolean stream) {
		return new ResponsesRequestWriter(prompt, options, catalog(), stream)::writeTo;
	}

	@Override
	protected ResponseStreamDecoder streamDecoder(GrokChatOptions options, ResponseHeaders headers) {
		return new ResponsesEventDecoder(options, catalog(), headers, this.warnings);
	}

	// Server-side tools delay the first output
	@Override
	protected boolean isSlowToRespond(GrokChatOptions options) {
		return !options.getServerTools().isEmpty() || super.isSlowToRespond(options);
	}

	@Override
	protected DecodedResponse decode(ApiResponse response, GrokChatOptions options) {
		ResponsesResponse decoded = new ResponsesResponse(options, catalog(), response.headers(), this.warnings);
		new ResponsesReader(decoded).readResponse(response.body(), 0, response.body().length);
		return decoded;
	}

	/**
	 * Builder for {@link ResponsesModel}. Not thread-safe.
	 */
	public static final class Builder extends AbstractXaiChatModel.Builder<Builder> {

		private Builder(XaiHttpClient httpClient) {
			super(httpClient);
		}

		@Override
		protected Builder self() {
			return this;
		}

		/**
		 * Builds the model.
		 * @return the model
		 */
		public ResponsesModel build() {
			return new ResponsesModel(this);
		}

	}

}
