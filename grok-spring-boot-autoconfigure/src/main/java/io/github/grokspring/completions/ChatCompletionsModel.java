package io.github.grokspring.completions;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.StreamThreads;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.ApiResponse;
import io.github.grokspring.connection.BlockingCall;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.HttpExchange;
import io.github.grokspring.connection.RequestHeaders;
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

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.observation.DefaultChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
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
public final class ChatCompletionsModel implements ChatModel {

	private static final String PATH = "/chat/completions";

	private static final String PROVIDER = "x_ai";

	/**
	 * How many elements may wait for a slow subscriber before the socket is no longer
	 * read.
	 */
	private static final int ELEMENTS_AHEAD = 32;

	private static final ChatModelObservationConvention DEFAULT_CONVENTION = new DefaultChatModelObservationConvention();

	private final HttpExchange exchange;

	private final ObservationRegistry observationRegistry;

	private final @Nullable ChatModelObservationConvention observationConvention;

	private final ModelCatalog catalog;

	private final Duration readTimeout;

	private final Duration reasoningReadTimeout;

	private ChatCompletionsModel(Builder builder) {
		this.exchange = builder.exchange;
		this.observationRegistry = builder.observationRegistry;
		this.observationConvention = builder.observationConvention;
		this.catalog = builder.catalog;
		this.readTimeout = builder.readTimeout;
		this.reasoningReadTimeout = builder.reasoningReadTimeout;
	}

	/**
	 * Start a model over an exchange.
	 * @param exchange carries requests to xAI
	 * @return a builder
	 */
	public static Builder builder(HttpExchange exchange) {
		return new Builder(exchange);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		if (this.observationRegistry.isNoop()) {
			return answer(prompt, Context.empty());
		}
		ChatModelObservationContext context = observationContext(prompt, false);
		Observation observation = observation(context);
		return Objects.requireNonNull(observation.observe(() -> {
			ChatResponse response = answer(prompt, Context.of(ObservationThreadLocalAccessor.KEY, observation));
			context.setResponse(response);
			return response;
		}));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		Flux<ChatResponse> elements = this.observationRegistry.isNoop()
				? Flux.defer(() -> chunks(request(prompt, true), (decoder) -> {
				})) : Flux.deferContextual((view) -> observedChunks(prompt, view));
		// Subscribers may block, event loops may not; and whoever blocks elsewhere, to
		// wait
		// for the end of this stream, must not keep it from ending.
		return elements.publishOn(StreamThreads.scheduler(), ELEMENTS_AHEAD);
	}

	@Override
	public ChatOptions getOptions() {
		return GrokChatOptions.builder().build();
	}

	private ChatResponse answer(Prompt prompt, Context context) {
		ApiResponse answer = BlockingCall.await(this.exchange.exchange(request(prompt, false)), context);
		return read(Objects.requireNonNull(answer), optionsOf(prompt).getModel());
	}

	private Flux<ChatResponse> chunks(ApiRequest request, Consumer<ChatChunkDecoder> begun) {
		return this.exchange.stream(request, (headers) -> {
			ChatChunkDecoder decoder = new ChatChunkDecoder(request.model(), headers);
			begun.accept(decoder);
			return decoder;
		});
	}

	private Flux<ChatResponse> observedChunks(Prompt prompt, ContextView view) {
		// Before anything is observed, because what fails here would never be stopped
		ApiRequest request = request(prompt, true);
		ChatModelObservationContext context = observationContext(prompt, true);
		Observation observation = observation(context);
		startBelowParent(observation, view);
		AtomicReference<@Nullable ChatChunkDecoder> decoder = new AtomicReference<>();
		AtomicBoolean stopped = new AtomicBoolean();
		Consumer<Function<ChatAnswer, ChatResponse>> stop = (response) -> {
			if (stopped.compareAndSet(false, true)) {
				ChatChunkDecoder chunks = decoder.get();
				if (chunks != null) {
					context.setResponse(response.apply(chunks.answer()));
				}
				observation.stop();
			}
		};
		// Before the signal goes on, so that whoever has seen the end finds it observed.
		return chunks(request, decoder::set).doOnError(observation::error)
			.doOnTerminate(() -> stop.accept(ChatAnswer::whole))
			.doOnCancel(() -> stop.accept(ChatAnswer::identity))
			.contextWrite((ctx) -> ctx.put(ObservationThreadLocalAccessor.KEY, observation));
	}

	private ApiRequest request(Prompt prompt, boolean stream) {
		GrokChatOptions options = optionsOf(prompt);
		ChatRequestWriter writer = new ChatRequestWriter(prompt, options, stream);
		return new ApiRequest("POST", PATH, RequestHeaders.of(options), writer::writeTo, silence(options),
				options.getTimeout(), options.getModel());
	}

	/**
	 * Only a model that does not think is expected to speak soon.
	 */
	private Duration silence(GrokChatOptions options) {
		return this.catalog.get(String.valueOf(options.getModel())).thinks(options.getReasoningEffort())
				? this.reasoningReadTimeout : this.readTimeout;
	}

	private ChatResponse read(ApiResponse response, @Nullable String model) {
		ChatAnswer answer = new ChatAnswer(model, response.headers());
		try {
			new ChatAnswerReader(answer).read(response.body(), 0, response.body().length);
		}
		catch (JacksonException ex) {
			throw notAnAnswer(response, model);
		}
		if (answer.hasFailed()) {
			throw ErrorTranslator.fromEvent(response.body(), 0, response.body().length, response.headers(), model);
		}
		if (!answer.hasChoices()) {
			throw notAnAnswer(response, model);
		}
		return answer.whole();
	}

	private static GrokApiException notAnAnswer(ApiResponse response, @Nullable String model) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"xAI answered the request for model '" + model
							+ "' with something that is no chat completion. Check that 'grok.base-url' leads to xAI.")
			.status(response.status())
			.requestId(response.headers().requestId())
			.build();
	}

	private ChatModelObservationContext observationContext(Prompt prompt, boolean streaming) {
		return ChatModelObservationContext.builder().prompt(prompt).provider(PROVIDER).streaming(streaming).build();
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(this.observationConvention,
				DEFAULT_CONVENTION, () -> context, this.observationRegistry);
	}

	private static void startBelowParent(Observation observation, ContextView view) {
		Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		if (parent == null) {
			observation.start();
			return;
		}
		observation.parentObservation(parent);
		Runnable start = observation::start;
		parent.scoped(start);
	}

	private static GrokChatOptions optionsOf(Prompt prompt) {
		if (prompt.getOptions() instanceof GrokChatOptions options) {
			return options;
		}
		throw new IllegalArgumentException(
				"'prompt.options' must be complete GrokChatOptions; call this model through a GrokChatModel");
	}

	/**
	 * Builder for {@link ChatCompletionsModel}. Not safe for use by several threads.
	 */
	public static final class Builder {

		private final HttpExchange exchange;

		private ObservationRegistry observationRegistry = ObservationRegistry.NOOP;

		private @Nullable ChatModelObservationConvention observationConvention;

		private ModelCatalog catalog = ModelCatalog.bundled();

		private Duration readTimeout = Duration.ofSeconds(120);

		private Duration reasoningReadTimeout = Duration.ofMinutes(15);

		private Builder(HttpExchange exchange) {
			this.exchange = Objects.requireNonNull(exchange, "'exchange' must not be null");
		}

		/**
		 * Set where observations go.
		 * @param observationRegistry the registry
		 * @return this builder
		 */
		public Builder observationRegistry(ObservationRegistry observationRegistry) {
			this.observationRegistry = observationRegistry;
			return this;
		}

		/**
		 * Set how observations are named.
		 * @param observationConvention the convention, {@code null} for that of Spring AI
		 * @return this builder
		 */
		public Builder observationConvention(@Nullable ChatModelObservationConvention observationConvention) {
			this.observationConvention = observationConvention;
			return this;
		}

		/**
		 * Set what tells which models reason.
		 * @param catalog the catalogue
		 * @return this builder
		 */
		public Builder catalog(ModelCatalog catalog) {
			this.catalog = catalog;
			return this;
		}

		/**
		 * Set how long a model that does not reason may be silent.
		 * @param readTimeout the longest silence
		 * @return this builder
		 */
		public Builder readTimeout(Duration readTimeout) {
			this.readTimeout = readTimeout;
			return this;
		}

		/**
		 * Set how long a model that reasons may be silent before it begins to write.
		 * @param reasoningReadTimeout the longest silence
		 * @return this builder
		 */
		public Builder reasoningReadTimeout(Duration reasoningReadTimeout) {
			this.reasoningReadTimeout = reasoningReadTimeout;
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
