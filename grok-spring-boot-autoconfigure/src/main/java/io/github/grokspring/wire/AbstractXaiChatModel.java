package io.github.grokspring.wire;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.BoundedObservationConvention;
import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.FailSafeObservations;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.BlockingSubscriber;
import io.github.grokspring.connection.ConversationIdHasher;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.RequestHeaders;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.connection.XaiHttpClient;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.Context;
import reactor.util.context.ContextView;
import tools.jackson.core.JacksonException;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Base class for a {@link ChatModel} that sends prompts to an endpoint of xAI. It is the
 * transport at the end of the chain of a {@link io.github.grokspring.chain.GrokChatModel}
 * and requires complete {@link GrokChatOptions}.
 * <p>
 * Subscribers of a stream may block, and cancelling closes the connection. Thread-safe.
 *
 * @since 0.1.0
 */
public abstract class AbstractXaiChatModel implements ChatModel {

	private static final String PROVIDER = "x_ai";

	// Elements buffered for a slow subscriber before reading from the socket stops
	private static final int PREFETCH = 32;

	private final XaiHttpClient httpClient;

	private final ObservationRegistry observationRegistry;

	private final ChatModelObservationConvention observationConvention;

	private final ModelCatalog catalog;

	private final Duration readTimeout;

	private final Duration reasoningReadTimeout;

	private final ConversationIdHasher conversationIds;

	/**
	 * Creates a model.
	 * @param builder the builder
	 */
	protected AbstractXaiChatModel(Builder<?> builder) {
		this.httpClient = builder.httpClient;
		this.observationRegistry = builder.observationRegistry;
		this.observationConvention = (builder.observationConvention != null) ? builder.observationConvention
				: new BoundedObservationConvention(builder.catalog);
		this.catalog = builder.catalog;
		this.readTimeout = builder.readTimeout;
		this.reasoningReadTimeout = builder.reasoningReadTimeout;
		this.conversationIds = builder.conversationIds;
	}

	/**
	 * Returns the path of the endpoint.
	 * @return the path relative to the base URL
	 */
	protected abstract String path();

	/**
	 * Returns a writer for the request body.
	 * @param prompt the prompt
	 * @param options the options of the prompt
	 * @param stream whether to stream the response
	 * @return the request body
	 */
	protected abstract ApiRequest.Body requestBody(Prompt prompt, GrokChatOptions options, boolean stream);

	/**
	 * Decodes a response that is not streamed.
	 * @param response the HTTP response
	 * @param options the options of the prompt
	 * @return the decoded response
	 * @throws JacksonException if the body is not JSON of the expected structure
	 */
	protected abstract DecodedResponse decode(ApiResponse response, GrokChatOptions options);

	/**
	 * Creates a decoder for a streamed response.
	 * @param options the options of the prompt
	 * @param headers the response headers
	 * @return a new decoder
	 */
	protected abstract ResponseStreamDecoder streamDecoder(GrokChatOptions options, ResponseHeaders headers);

	/**
	 * Whether the first output may take longer than the read timeout, because the model
	 * reasons.
	 * @param options the options of the prompt
	 * @return {@code true} to apply the reasoning read timeout
	 */
	protected boolean isSlowToRespond(GrokChatOptions options) {
		return this.catalog.get(String.valueOf(options.getModel())).thinks(options.getReasoningEffort());
	}

	@Override
	public final ChatResponse call(Prompt prompt) {
		if (this.observationRegistry.isNoop()) {
			return exchange(prompt, Context.empty());
		}
		ChatModelObservationContext context = observationContext(prompt, false);
		Observation observation = observation(context);
		FailSafeObservations.start(observation);
		try {
			ChatResponse response = FailSafeObservations.callInScope(observation, this.observationRegistry,
					() -> exchange(prompt, Context.of(ObservationThreadLocalAccessor.KEY, observation)));
			context.setResponse(response);
			return response;
		}
		catch (Throwable ex) {
			FailSafeObservations.error(observation, ex);
			throw ex;
		}
		finally {
			FailSafeObservations.stop(observation);
		}
	}

	@Override
	public final Flux<ChatResponse> stream(Prompt prompt) {
		Flux<ChatResponse> elements = this.observationRegistry.isNoop()
				? Flux.deferContextual((view) -> exchangeStream(createRequest(prompt, true, CallContext.of(view)),
						grokOptions(prompt), (decoder) -> {
						}))
				: Flux.deferContextual((view) -> observedStream(prompt, view));
		// Subscribers may block, event loops must not. A scheduler of its own lets a
		// stream end even if the threads of other schedulers wait for it.
		return elements.publishOn(StreamScheduler.scheduler(), PREFETCH);
	}

	@Override
	public final ChatOptions getOptions() {
		return GrokChatOptions.builder().build();
	}

	private ChatResponse exchange(Prompt prompt, Context context) {
		ApiRequest request = createRequest(prompt, false, CallContext.current());
		ApiResponse response = BlockingSubscriber.await(this.httpClient.exchange(request), context);
		return toChatResponse(Objects.requireNonNull(response), grokOptions(prompt), request.echoFilter());
	}

	private Flux<ChatResponse> exchangeStream(ApiRequest request, GrokChatOptions options,
			Consumer<ResponseStreamDecoder> onStart) {
		return this.httpClient.stream(request, (headers) -> {
			ResponseStreamDecoder decoder = streamDecoder(options, headers);
			decoder.setEchoFilter(request.echoFilter());
			onStart.accept(decoder);
			return decoder;
		});
	}

	private Flux<ChatResponse> observedStream(Prompt prompt, ContextView view) {
		// Before the observation starts, because nothing would stop it on failure
		ApiRequest request = createRequest(prompt, true, CallContext.of(view));
		ChatModelObservationContext context = observationContext(prompt, true);
		Observation observation = observation(context);
		startWithParent(observation, view);
		AtomicReference<@Nullable ResponseStreamDecoder> decoder = new AtomicReference<>();
		AtomicBoolean stopped = new AtomicBoolean();
		Consumer<Function<ResponseStreamDecoder, ChatResponse>> stop = (response) -> {
			if (stopped.compareAndSet(false, true)) {
				ResponseStreamDecoder started = decoder.get();
				if (started != null) {
					context.setResponse(response.apply(started));
				}
				FailSafeObservations.stop(observation);
			}
		};
		// Before the signal is passed on, so that the observation has stopped when the
		// caller sees the end
		return exchangeStream(request, grokOptions(prompt), decoder::set).doOnError((failure) -> {
			FailSafeObservations.error(observation, failure);
			if (failure instanceof GrokApiException error && GrokApiException.RESPONSE_TOO_LARGE.equals(error.code())) {
				// Do not copy a response that is already too large
				stop.accept(ResponseStreamDecoder::toIdentity);
			}
		})
			.doOnTerminate(() -> stop.accept(ResponseStreamDecoder::toChatResponse))
			.doOnCancel(() -> stop.accept(ResponseStreamDecoder::toIdentity))
			.contextWrite((ctx) -> ctx.put(ObservationThreadLocalAccessor.KEY, observation));
	}

	private ApiRequest createRequest(Prompt prompt, boolean stream, CallContext call) {
		GrokChatOptions options = this.conversationIds.withHashedId(grokOptions(prompt));
		UserMessageValidator.validate(prompt.getInstructions());
		Prompt paired = withPairedToolCalls(prompt, options);
		Map<String, String> headers = RequestHeaders.from(options);
		AttemptContext attempt = call.attempt();
		attempt.recordRequest(RequestHeaders.conversationId(headers));
		return new ApiRequest("POST", path(), headers, requestBody(paired, options, stream), readTimeout(options),
				options.getTimeout(), options.getModel(), EchoFilter.of(paired), attempt);
	}

	// With a previous response, the matching tool call may be stored at xAI
	private static Prompt withPairedToolCalls(Prompt prompt, GrokChatOptions options) {
		if (options.getPreviousResponseId() != null) {
			return prompt;
		}
		List<Message> messages = prompt.getInstructions();
		List<Message> paired = ToolCallPairing.apply(messages);
		return (paired == messages) ? prompt : new Prompt(paired, options);
	}

	private Duration readTimeout(GrokChatOptions options) {
		return isSlowToRespond(options) ? this.reasoningReadTimeout : this.readTimeout;
	}

	private ChatResponse toChatResponse(ApiResponse response, GrokChatOptions options, EchoFilter echoFilter) {
		DecodedResponse decoded;
		try {
			decoded = decode(response, options);
		}
		catch (JacksonException ex) {
			throw UnreadableBody.matches(response.body())
					? UnreadableBody.toException(options.getModel(), response.status(), response.headers().requestId())
					: unexpectedResponse(response, options);
		}
		if (decoded.hasFailed()) {
			byte[] error = (decoded.error() != null) ? decoded.error() : response.body();
			throw ErrorTranslator.fromEvent(error, 0, error.length, response.headers(), options.getModel(),
					echoFilter.withResponse(() -> EchoFilter.textsOf(decoded.toChatResponse())));
		}
		if (!decoded.isRecognized()) {
			throw unexpectedResponse(response, options);
		}
		return decoded.toChatResponse();
	}

	private GrokApiException unexpectedResponse(ApiResponse response, GrokChatOptions options) {
		String type = response.contentType();
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"The request to " + path() + " for model '" + LogSanitizer.sanitize(options.getModel())
							+ "' returned something other than a response of xAI ("
							+ ((type != null) ? "content type '" + LogSanitizer.sanitize(type) + "'"
									: "no content type")
							+ "). Check that 'grok.base-url' points to xAI.")
			.status(response.status())
			.requestId(response.headers().requestId())
			.build();
	}

	private ChatModelObservationContext observationContext(Prompt prompt, boolean streaming) {
		return ChatModelObservationContext.builder().prompt(prompt).provider(PROVIDER).streaming(streaming).build();
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(this.observationConvention,
				this.observationConvention, () -> context, this.observationRegistry);
	}

	private void startWithParent(Observation observation, ContextView view) {
		Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		if (parent == null) {
			FailSafeObservations.start(observation);
			return;
		}
		observation.parentObservation(parent);
		FailSafeObservations.callInScope(parent, this.observationRegistry, () -> {
			FailSafeObservations.start(observation);
			return null;
		});
	}

	/**
	 * Returns the model catalog.
	 * @return the model catalog
	 */
	protected final ModelCatalog catalog() {
		return this.catalog;
	}

	private static GrokChatOptions grokOptions(Prompt prompt) {
		if (prompt.getOptions() instanceof GrokChatOptions options) {
			return options;
		}
		throw new IllegalArgumentException(
				"'prompt.options' must be complete GrokChatOptions; call this model through a GrokChatModel");
	}

	/**
	 * Base class for builders. Not thread-safe.
	 *
	 * @param <B> the builder type
	 */
	public abstract static class Builder<B extends Builder<B>> {

		private final XaiHttpClient httpClient;

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private @Nullable ChatModelObservationConvention observationConvention;

		private ModelCatalog catalog = ModelCatalog.bundled();

		private Duration readTimeout = Duration.ofSeconds(120);

		private Duration reasoningReadTimeout = Duration.ofMinutes(15);

		private ConversationIdHasher conversationIds = new ConversationIdHasher(() -> null);

		/**
		 * Creates a builder.
		 * @param httpClient the client that sends requests to xAI
		 */
		protected Builder(XaiHttpClient httpClient) {
			this.httpClient = Objects.requireNonNull(httpClient, "'exchange' must not be null");
		}

		/**
		 * Returns this builder.
		 * @return this builder
		 */
		protected abstract B self();

		/**
		 * Sets the observation registry.
		 * @param observationRegistry the observation registry
		 * @return this builder
		 */
		public B observationRegistry(ObservationRegistry observationRegistry) {
			this.observationRegistry = observationRegistry;
			return self();
		}

		/**
		 * Sets the observation convention.
		 * @param observationConvention the convention, or {@code null} for the names of
		 * Spring AI
		 * @return this builder
		 */
		public B observationConvention(@Nullable ChatModelObservationConvention observationConvention) {
			this.observationConvention = observationConvention;
			return self();
		}

		/**
		 * Sets the model catalog.
		 * @param catalog the model catalog
		 * @return this builder
		 */
		public B catalog(ModelCatalog catalog) {
			this.catalog = catalog;
			return self();
		}

		/**
		 * Sets how conversation ids are hidden from xAI.
		 * @param conversationIds hashes conversation ids; by default, hashes differ
		 * between processes
		 * @return this builder
		 */
		public B conversationIds(ConversationIdHasher conversationIds) {
			this.conversationIds = conversationIds;
			return self();
		}

		/**
		 * Sets the maximum time without data for models that do not reason.
		 * @param readTimeout the read timeout
		 * @return this builder
		 */
		public B readTimeout(Duration readTimeout) {
			this.readTimeout = readTimeout;
			return self();
		}

		/**
		 * Sets the maximum time without data for models that reason.
		 * @param reasoningReadTimeout the read timeout
		 * @return this builder
		 */
		public B reasoningReadTimeout(Duration reasoningReadTimeout) {
			this.reasoningReadTimeout = reasoningReadTimeout;
			return self();
		}

	}

}
