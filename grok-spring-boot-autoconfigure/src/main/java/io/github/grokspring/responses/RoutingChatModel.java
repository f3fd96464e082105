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
 * Sends each prompt to the endpoint that its options ask for or, where they leave the
 * choice, to the one that {@link EndpointSelector} selects.
 * <p>
 * A gateway in front of xAI may serve Chat Completions only. When it answers a request
 * for the Responses API with 404 or 405, the failure becomes worth a retry, and from then
 * on requests that can do without the Responses API go to Chat Completions. Safe for use
 * by several threads.
 *
 * @since 0.1.0
 */
public final class RoutingChatModel implements ChatModel {

	private static final Log logger = LogFactory.getLog(RoutingChatModel.class);

	private final ChatModel chatCompletions;

	private final ChatModel responses;

	private final ModelCatalog catalog;

	private final boolean gateway;

	private final AtomicReference<Availability> responsesApi = new AtomicReference<>(Availability.EXPECTED);

	/**
	 * Choose between two endpoints of xAI itself.
	 * @param chatCompletions answers with Chat Completions
	 * @param responses answers with the Responses API
	 * @param catalog tells which endpoints serve a model
	 */
	public RoutingChatModel(ChatModel chatCompletions, ChatModel responses, ModelCatalog catalog) {
		this(chatCompletions, responses, catalog, false);
	}

	/**
	 * Choose between two endpoints.
	 * @param chatCompletions answers with Chat Completions
	 * @param responses answers with the Responses API
	 * @param catalog tells which endpoints serve a model
	 * @param gateway whether the host is not xAI's, so that it may have no Responses API
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
			// It says what is wrong with them
			return this.chatCompletions;
		}
		if (EndpointSelector.select(prompt, options, this.catalog) == GrokApi.RESPONSES) {
			boolean missing = this.responsesApi.get() != Availability.EXPECTED;
			return (missing && EndpointSelector.canFallBack(options, this.catalog)) ? this.chatCompletions
					: this.responses;
		}
		String requirement = (options.getApi() == GrokApi.CHAT_COMPLETIONS)
				? EndpointSelector.findRequirement(options, this.catalog) : null;
		if (requirement != null) {
			throw GrokApiException.builder(ErrorKind.INVALID_REQUEST, "The request asks for " + requirement
					+ ", which only the Responses API serves, but its api is "
					+ "'chat-completions', so nothing was sent to xAI. Leave the api at 'auto', or write 'responses'.")
				.sent(false)
				.build();
		}
		return this.chatCompletions;
	}

	private void recordSuccess(ChatModel model) {
		if (model == this.chatCompletions
				&& this.responsesApi.compareAndSet(Availability.DOUBTED, Availability.MISSING)) {
			logger.warn("The host of 'grok.base-url' has no Responses API, so requests go to Chat Completions. "
					+ "There, models that always reason lose their reasoning between rounds of tools. "
					+ "Set 'grok.chat.api' to 'chat-completions' to skip the attempt.");
		}
	}

	private GrokApiException translate(GrokApiException failure, ChatModel model, Prompt prompt) {
		if (!this.gateway || (failure.status() != 404 && failure.status() != 405)) {
			return failure;
		}
		if (model == this.chatCompletions) {
			// Nothing is found there, so it is not for want of the Responses API
			this.responsesApi.compareAndSet(Availability.DOUBTED, Availability.EXPECTED);
			return failure;
		}
		if (!(prompt.getOptions() instanceof GrokChatOptions options)
				|| !EndpointSelector.canFallBack(options, this.catalog)) {
			return failure;
		}
		this.responsesApi.compareAndSet(Availability.EXPECTED, Availability.DOUBTED);
		return failure
			.mutate(failure.getMessage() + " The host may have no Responses API, so Chat Completions is asked instead.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	/**
	 * What is known of the Responses API of the host.
	 */
	private enum Availability {

		/**
		 * It is there as far as is known.
		 */
		EXPECTED,

		/**
		 * It was not found; whether Chat Completions is found is not known yet.
		 */
		DOUBTED,

		/**
		 * It was not found, and Chat Completions answered.
		 */
		MISSING

	}

}
