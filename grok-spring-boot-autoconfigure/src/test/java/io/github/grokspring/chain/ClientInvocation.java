package io.github.grokspring.chain;

import java.time.Duration;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Ways of passing options to a model.
 */
public enum ClientInvocation {

	/** {@code model.call(prompt)}. */
	MODEL_CALL {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			model.call(new Prompt("hello", options));
		}

	},

	/** {@code model.stream(prompt)}. */
	MODEL_STREAM {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			model.stream(new Prompt("hello", options)).blockLast(PATIENCE);
		}

	},

	/** {@code client.prompt(prompt).call()}. */
	CLIENT_PROMPT_CALL {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			client(model).prompt(new Prompt("hello", options)).call().content();
		}

	},

	/** {@code client.prompt(prompt).stream()}. */
	CLIENT_PROMPT_STREAM {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			client(model).prompt(new Prompt("hello", options)).stream().content().blockLast(PATIENCE);
		}

	},

	/** {@code client.prompt().options(builder).call()}. */
	CLIENT_OPTIONS_CALL {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			client(model).prompt("hello").options(options.mutate()).call().content();
		}

	},

	/** {@code client.prompt().options(builder).stream()}. */
	CLIENT_OPTIONS_STREAM {

		@Override
		public void invoke(GrokChatModel model, ChatOptions options) {
			client(model).prompt("hello").options(options.mutate()).stream().content().blockLast(PATIENCE);
		}

	};

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	public abstract void invoke(GrokChatModel model, ChatOptions options);

	private static ChatClient client(GrokChatModel model) {
		return ChatClient.builder(model).build();
	}

}
