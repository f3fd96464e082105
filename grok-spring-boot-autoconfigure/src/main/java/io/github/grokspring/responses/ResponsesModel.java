package io.github.grokspring.responses;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.wire.AbstractXaiChatModel;
import io.github.grokspring.wire.DecodedResponse;
import io.github.grokspring.wire.ResponseStreamDecoder;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * xAI's Responses API as a {@link ChatModel}. It stands at the end of the chain of a
 * {@link io.github.grokspring.chain.GrokChatModel} and expects complete
 * {@link GrokChatOptions}. Answers are not stored at xAI unless the options ask for it.
 * <p>
 * System messages are sent as input items at their place. Encrypted reasoning is kept in
 * the metadata of its message and sent back with it, as long as the same model is asked.
 * <p>
 * A stream consists of elements with text (and, in the message metadata
 * {@code reasoning-delta}, pieces of reasoning), elements whose metadata
 * {@code grok.tools} and {@code citations} tell what server-side tools have done so far,
 * and one last element with tool calls, finish reason, usage and response metadata.
 * Elements arrive on threads that may be blocked. A stream that ends before the answer is
 * complete fails. Safe for use by several threads.
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
	 * Start a model over an exchange.
	 * @param exchange carries requests to xAI
	 * @return a builder
	 */
	public static Builder builder(XaiHttpClient exchange) {
		return new Builder(exchange);
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
	protected ResponseStreamDecoder streamDecoder(GrokChatOptions options, ApiHeaders headers) {
		return new ResponsesEventDecoder(options, catalog(), headers, this.warnings);
	}

	/**
	 * Tools take their time too.
	 */
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
	 * Builder for {@link ResponsesModel}. Not safe for use by several threads.
	 */
	public static final class Builder extends AbstractXaiChatModel.Builder<Builder> {

		private Builder(XaiHttpClient exchange) {
			super(exchange);
		}

		@Override
		protected Builder self() {
			return this;
		}

		/**
		 * Create the model.
		 * @return the model
		 */
		public ResponsesModel build() {
			return new ResponsesModel(this);
		}

	}

}
