package io.github.grokspring.responses;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} that routes each prompt to Chat Completions or to the Responses API,
 * as decided by {@link EndpointSelector}.
 * <p>
 * A gateway in front of xAI may serve Chat Completions only. If it answers a Responses
 * request with 404 or 405, the failure becomes retryable, and requests that do not
 * require the Responses API go to Chat Completions from then on.
 * <p>
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class RoutingChatModel implements ChatModel {

	private static final Log logger = LogFactory.getLog(RoutingChatModel.class);

	private final ChatModel chatCompletions;

	private final ChatModel responses;

	private final ModelCatalog catalog;

	private final boolean gateway;

	private final AtomicReference<Availability> responsesApi = new AtomicReference<>(Availability.AVAILABLE);

	/**
	 * Creates a model for the endpoints of xAI itself.
	 * @param chatCompletions the Chat Completions model
	 * @param responses the Responses model
	 * @param catalog the model catalog
	 */
	public RoutingChatModel(ChatModel chatCompletions, ChatModel responses, ModelCatalog catalog) {
		this(chatCompletions, responses, catalog, false);
	}

	/**
	 * Creates a model.
	 * @param chatCompletions the Chat Completions model
	 * @param responses the Responses model
	 * @param catalog the model catalog
	 * @param gateway whether the host is not xAI's and may lack the Responses API
	 */
	public RoutingChatModel(ChatModel chatCompletions, ChatModel responses, ModelCatalog catalog, boolean gateway) {
		this.chatCompletions = chatCompletions;
		this.responses = new ReasoningRecovery(responses, catalog);
		this.catalog = catalog;
		this.gateway = gateway;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatModel model = modelFor(prompt);
		try {
			ChatResponse response = model.call(prompt);
			recordSuccess(model);
			return response;
		}
		catch (GrokApiException ex) {
			throw translate(ex, model, prompt);
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			ChatModel model = modelFor(prompt);
			Flux<ChatResponse> elements = model.stream(prompt);
			return this.gateway ? elements.doOnComplete(() -> recordSuccess(model))
				.onErrorMap(GrokApiException.class, (ex) -> translate(ex, model, prompt)) : elements;
		});
	}

	@Override
	public ChatOptions getOptions() {
		return this.chatCompletions.getOptions();
	}

	private ChatModel modelFor(Prompt prompt) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options)) {
			// The transport rejects incomplete options
			return this.chatCompletions;
		}
		if (EndpointSelector.select(prompt, options, this.catalog) == GrokApi.RESPONSES) {
			boolean missing = this.responsesApi.get() != Availability.AVAILABLE;
			return (missing && EndpointSelector.canFallBack(options, this.catalog)) ? this.chatCompletions
					: this.responses;
		}
		String requirement = (options.getApi() == GrokApi.CHAT_COMPLETIONS)
				? EndpointSelector.findRequirement(options, this.catalog) : null;
		if (requirement != null) {
			throw GrokApiException
				.builder(ErrorKind.INVALID_REQUEST,
						"The request needs " + requirement
								+ ", which only the Responses API supports, but its 'api' is 'chat-completions'. "
								+ "Nothing was sent to xAI. Set 'api' to 'auto' or 'responses'.")
				.sent(false)
				.build();
		}
		return this.chatCompletions;
	}

	private void recordSuccess(ChatModel model) {
		if (model == this.chatCompletions
				&& this.responsesApi.compareAndSet(Availability.UNCONFIRMED, Availability.MISSING)) {
			logger.warn("The host of 'grok.base-url' has no Responses API, so requests are sent to Chat Completions, "
					+ "where models that always reason lose their reasoning between tool calls. "
					+ "Set 'grok.chat.api' to 'chat-completions' to avoid the first, failing request.");
		}
	}

	private GrokApiException translate(GrokApiException failure, ChatModel model, Prompt prompt) {
		if (!this.gateway || (failure.status() != 404 && failure.status() != 405)) {
			return failure;
		}
		if (model == this.chatCompletions) {
			// Chat Completions is missing too, so the base URL is wrong
			this.responsesApi.compareAndSet(Availability.UNCONFIRMED, Availability.AVAILABLE);
			return failure;
		}
		if (!(prompt.getOptions() instanceof GrokChatOptions options)
				|| !EndpointSelector.canFallBack(options, this.catalog)) {
			return failure;
		}
		this.responsesApi.compareAndSet(Availability.AVAILABLE, Availability.UNCONFIRMED);
		return failure
			.mutate(failure.getMessage() + " The host may have no Responses API, so Chat Completions is used instead.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	private enum Availability {

		// Available, as far as is known
		AVAILABLE,

		// Not found, but Chat Completions has not succeeded yet
		UNCONFIRMED,

		// Not found, while Chat Completions succeeded
		MISSING

	}

}
