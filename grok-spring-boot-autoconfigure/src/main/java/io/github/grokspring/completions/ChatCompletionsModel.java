package io.github.grokspring.completions;

import io.github.grokspring.chain.GrokChatOptions;
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
 * {@link ChatModel} for xAI's Chat Completions API. It ends the chain of a
 * {@link io.github.grokspring.chain.GrokChatModel} and requires complete
 * {@link GrokChatOptions}.
 * <p>
 * A stream consists of elements with text, and with parts of the reasoning in the message
 * metadata {@code reasoning-delta}, followed by one last element with tool calls, finish
 * reason, usage and response metadata. Elements are emitted on threads that may block. A
 * stream that ends without a finish reason fails. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ChatCompletionsModel extends AbstractXaiChatModel {

	private static final String PATH = "/chat/completions";

	private ChatCompletionsModel(Builder builder) {
		super(builder);
	}

	/**
	 * Creates a builder.
	 * @param exchange the HTTP client
	 * @return the builder
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
		return new ChatCompletionsRequestWriter(prompt, options, stream)::writeTo;
	}

	@Override
	protected ResponseStreamDecoder streamDecoder(GrokChatOptions options, ResponseHeaders headers) {
		return new ChatChunkDecoder(options.getModel(), headers);
	}

	@Override
	protected DecodedResponse decode(ApiResponse response, GrokChatOptions options) {
		ChatCompletion completion = new ChatCompletion(options.getModel(), response.headers());
		new ChatCompletionReader(completion).readWhole(response.body(), 0, response.body().length);
		return completion;
	}

	/**
	 * Builder for {@link ChatCompletionsModel}. Not thread-safe.
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
		 * Creates the model.
		 * @return the model
		 */
		public ChatCompletionsModel build() {
			return new ChatCompletionsModel(this);
		}

	}

}
