package io.github.grokspring.completions;

import io.github.grokspring.chain.GrokChatOptions;
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
 * xAI's Chat Completions endpoint as a {@link ChatModel}. It stands at the end of the
 * chain of a {@link io.github.grokspring.chain.GrokChatModel} and expects complete
 * {@link GrokChatOptions}.
 * <p>
 * A stream consists of elements with text (and, in the message metadata
 * {@code reasoning-delta}, pieces of reasoning) and one last element with tool calls,
 * finish reason, usage and response metadata. Elements arrive on threads that may be
 * blocked. A stream that ends without a finish reason fails. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class ChatCompletionsModel extends AbstractXaiChatModel {

	private static final String PATH = "/chat/completions";

	private ChatCompletionsModel(Builder builder) {
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
		return new ChatRequestWriter(prompt, options, stream)::writeTo;
	}

	@Override
	protected ResponseStreamDecoder streamDecoder(GrokChatOptions options, ApiHeaders headers) {
		return new ChatChunkDecoder(options.getModel(), headers);
	}

	@Override
	protected DecodedResponse decode(ApiResponse response, GrokChatOptions options) {
		ChatCompletion answer = new ChatCompletion(options.getModel(), response.headers());
		new ChatCompletionReader(answer).readWhole(response.body(), 0, response.body().length);
		return answer;
	}

	/**
	 * Builder for {@link ChatCompletionsModel}. Not safe for use by several threads.
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
		public ChatCompletionsModel build() {
			return new ChatCompletionsModel(this);
		}

	}

}
