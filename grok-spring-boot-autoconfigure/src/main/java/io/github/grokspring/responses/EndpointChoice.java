package io.github.grokspring.responses;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.ResponsesNeeds;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Sends each prompt to the endpoint that its options ask for or, where they leave the
 * choice, to Chat Completions unless the prompt needs what only the Responses API can do.
 * Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class EndpointChoice implements ChatModel {

	private final ChatModel chatCompletions;

	private final ChatModel responses;

	private final ModelCatalog catalog;

	/**
	 * Choose between two endpoints.
	 * @param chatCompletions answers with Chat Completions
	 * @param responses answers with the Responses API
	 * @param catalog tells which endpoints serve a model
	 */
	public EndpointChoice(ChatModel chatCompletions, ChatModel responses, ModelCatalog catalog) {
		this.chatCompletions = chatCompletions;
		this.responses = responses;
		this.catalog = catalog;
	}

	/**
	 * The endpoint that answers a request.
	 * @param options the options of the request
	 * @param catalog tells which endpoints serve its model
	 * @return the endpoint, never {@link GrokApi#AUTO}
	 */
	public static GrokApi of(GrokChatOptions options, ModelCatalog catalog) {
		return ResponsesNeeds.endpoint(options, catalog);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return modelFor(prompt).call(prompt);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> modelFor(prompt).stream(prompt));
	}

	@Override
	public ChatOptions getOptions() {
		return this.chatCompletions.getOptions();
	}

	private ChatModel modelFor(Prompt prompt) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options)) {
			// It says what is wrong with them
			return this.chatCompletions;
		}
		if (of(options, this.catalog) == GrokApi.RESPONSES) {
			return this.responses;
		}
		String need = (options.getApi() == GrokApi.CHAT_COMPLETIONS) ? ResponsesNeeds.of(options, this.catalog) : null;
		if (need != null) {
			throw GrokApiException.builder(ErrorKind.INVALID_REQUEST, "The request asks for " + need
					+ ", which only the Responses API serves, but its api is "
					+ "'chat-completions', so nothing was sent to xAI. Leave the api at 'auto', or write 'responses'.")
				.build();
		}
		return this.chatCompletions;
	}

}
