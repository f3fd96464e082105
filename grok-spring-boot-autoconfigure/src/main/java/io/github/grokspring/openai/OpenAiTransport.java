package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;

import com.openai.client.OpenAIClient;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.BoundedObservationConvention;
import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.EndpointSelector;
import io.github.grokspring.chain.FailSafeObservations;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.SendState;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.connection.ApiKeySupplier;
import io.github.grokspring.connection.ConversationIdHasher;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RequestHeaders;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.wire.FunctionTools;
import io.github.grokspring.wire.MediaEncoder;
import io.github.grokspring.wire.ToolCallPairing;
import io.github.grokspring.wire.ToolOutput;
import io.github.grokspring.wire.UserMessageValidator;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.contextpropagation.ObservationThreadLocalAccessor;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationContext;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.observation.ChatModelObservationDocumentation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.util.StringUtils;

/**
 * {@link ChatModel} that calls xAI's Chat Completions API through Spring AI's
 * {@link OpenAiChatModel} and the OpenAI Java SDK. It ends the chain of a
 * {@link io.github.grokspring.chain.GrokChatModel} and requires complete
 * {@link GrokChatOptions}.
 * <p>
 * The SDK does not retry, reads no {@code OPENAI_*} environment variable other than that
 * for logging, which is switched off, and sends no telemetry. Failures are
 * {@link io.github.grokspring.error.GrokException}s. Blocking calls can be interrupted.
 * Cancelling a stream closes its connection without blocking. A stream that ends without
 * a finish reason fails. Each stream occupies a thread while it is open. HTTP/2 is used
 * where TLS negotiates it, regardless of {@link HttpSettings#protocol()}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class OpenAiTransport implements ChatModel, AutoCloseable {

	private static final Log logger = LogFactory.getLog(OpenAiTransport.class);

	private static final String REASONING = "reasoningContent";

	private final HttpSettings settings;

	private final Supplier<@Nullable String> apiKey;

	private final ModelCatalog catalog;

	private final ConversationIdHasher conversationIds;

	private final ObservationRegistry observationRegistry;

	private final ChatModelObservationConvention observationConvention;

	private final SdkExceptionTranslator exceptionTranslator;

	private final SdkClient client;

	private final Map<String, String> secrets;

	private final Set<OkHttpExchange> exchanges = ConcurrentHashMap.newKeySet();

	private final AtomicBoolean closed = new AtomicBoolean();

	private final WarnOnce warnings = new WarnOnce();

	private OpenAiTransport(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ConversationIdHasher conversationIds, ObservationRegistry observationRegistry,
			@Nullable ChatModelObservationConvention observationConvention) {
		this.settings = settings;
		this.apiKey = apiKey;
		this.catalog = catalog;
		this.conversationIds = conversationIds;
		this.observationRegistry = observationRegistry;
		this.observationConvention = (observationConvention != null) ? observationConvention
				: new BoundedObservationConvention(catalog);
		this.exceptionTranslator = new SdkExceptionTranslator(settings);
		this.client = new SdkClient(settings, apiKey, tls);
		this.secrets = settings.secrets();
		StreamScheduler.acquire();
	}

	/**
	 * Creates a transport that hashes conversation ids with the API key.
	 * @param settings the HTTP settings; {@link HttpSettings#tls()} is ignored
	 * @param apiKey supplies the API key of each request
	 * @param tls the TLS trust and keys, or {@code null} for the defaults of the JVM
	 * @param catalog the model catalog
	 * @param observationRegistry the registry for observations of calls
	 * @param observationConvention the convention for these observations, or {@code null}
	 * for Spring AI's names with provider {@code x_ai}
	 * @return a transport, to be closed after use
	 */
	public static OpenAiTransport create(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ObservationRegistry observationRegistry,
			@Nullable ChatModelObservationConvention observationConvention) {
		return create(settings, apiKey, tls, catalog, new ConversationIdHasher(apiKey), observationRegistry,
				observationConvention);
	}

	/**
	 * Creates a transport.
	 * @param settings the HTTP settings; {@link HttpSettings#tls()} is ignored
	 * @param apiKey supplies the API key of each request
	 * @param tls the TLS trust and keys, or {@code null} for the defaults of the JVM
	 * @param catalog the model catalog
	 * @param conversationIds hashes the conversation ids that are sent
	 * @param observationRegistry the registry for observations of calls
	 * @param observationConvention the convention for these observations, or {@code null}
	 * for Spring AI's names with provider {@code x_ai}
	 * @return a transport, to be closed after use
	 */
	public static OpenAiTransport create(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ConversationIdHasher conversationIds, ObservationRegistry observationRegistry,
			@Nullable ChatModelObservationConvention observationConvention) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(apiKey, "'apiKey' must not be null");
		Objects.requireNonNull(catalog, "'catalog' must not be null");
		Objects.requireNonNull(observationRegistry, "'observationRegistry' must not be null");
		return new OpenAiTransport(settings, apiKey, tls, catalog, conversationIds, observationRegistry,
				observationConvention);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		if (this.observationRegistry.isNoop()) {
			return execute(prompt);
		}
		ChatModelObservationContext context = observationContext(prompt, false);
		Observation observation = observation(context);
		FailSafeObservations.start(observation);
		try {
			ChatResponse response = FailSafeObservations.callInScope(observation, this.observationRegistry,
					() -> execute(prompt));
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

	private ChatResponse execute(Prompt prompt) {
		GrokChatOptions options = validate(prompt);
		OkHttpExchange exchange = open(prompt, options, false, CallContext.current());
		try {
			return new ResponseEnricher(exchange).enrich(model(exchange).call(outgoing(prompt, options)));
		}
		catch (Exception ex) {
			exchange.cancel();
			throw translate(ex, exchange, exchange.echoFilter());
		}
		catch (Throwable ex) {
			exchange.cancel();
			throw ex;
		}
		finally {
			this.exchanges.remove(exchange);
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			SendState sendState = SendState.of(view);
			if (sendState != null) {
				sendState.track();
			}
			GrokChatOptions options = validate(prompt);
			OkHttpExchange exchange = open(prompt, options, true, CallContext.of(view));
			ResponseEnricher enricher = new ResponseEnricher(exchange);
			Flux<ChatResponse> elements = CallLifecycle.guard(() -> model(exchange).stream(outgoing(prompt, options)))
				// Spring AI would open a scope of the parent observation.
				.contextWrite((context) -> context.delete(ObservationThreadLocalAccessor.KEY))
				// Closing the SDK's stream waits for the thread that reads from the
				// socket.
				.cancelOn(StreamScheduler.scheduler())
				.<ChatResponse>handle(enricher::next)
				.concatWith(Flux.defer(() -> last(exchange, enricher)))
				.onErrorMap(Exception.class, (ex) -> {
					// Closes the connection, which the SDK does not do after every error.
					exchange.cancel();
					return translate(ex, exchange, enricher.echoFilter());
				})
				.doOnCancel(() -> {
					exchange.cancel();
					if (sendState != null && exchange.isSent()) {
						sendState.markSent();
					}
				})
				.doFinally((signal) -> this.exchanges.remove(exchange));
			return this.observationRegistry.isNoop() ? elements : observe(elements, prompt, enricher, view);
		});
	}

	private Flux<ChatResponse> last(OkHttpExchange exchange, ResponseEnricher enricher) {
		if (exchange.isCancelled()) {
			return Flux.empty();
		}
		return enricher.isFinished() ? Flux.just(enricher.last())
				: Flux.error(this.exceptionTranslator.brokenStream(exchange));
	}

	private Flux<ChatResponse> observe(Flux<ChatResponse> elements, Prompt prompt, ResponseEnricher enricher,
			ContextView view) {
		ChatModelObservationContext context = observationContext(prompt, true);
		Observation observation = observation(context);
		Observation parent = view.getOrDefault(ObservationThreadLocalAccessor.KEY, null);
		if (parent == null) {
			FailSafeObservations.start(observation);
		}
		else {
			observation.parentObservation(parent);
			FailSafeObservations.callInScope(parent, this.observationRegistry, () -> {
				FailSafeObservations.start(observation);
				return null;
			});
		}
		AtomicBoolean stopped = new AtomicBoolean();
		Runnable stop = () -> {
			if (stopped.compareAndSet(false, true)) {
				FailSafeObservations.stop(observation);
			}
		};
		return elements.doOnComplete(() -> {
			ChatResponse response = enricher.aggregate();
			if (response != null) {
				context.setResponse(response);
			}
		}).doOnError((ex) -> FailSafeObservations.error(observation, ex)).doOnTerminate(stop).doOnCancel(stop);
	}

	private static ChatModelObservationContext observationContext(Prompt prompt, boolean streaming) {
		return ChatModelObservationContext.builder().prompt(prompt).provider("x_ai").streaming(streaming).build();
	}

	private Observation observation(ChatModelObservationContext context) {
		return ChatModelObservationDocumentation.CHAT_MODEL_OPERATION.observation(this.observationConvention,
				this.observationConvention, () -> context, this.observationRegistry);
	}

	@Override
	public ChatOptions getOptions() {
		return GrokChatOptions.builder().build();
	}

	/**
	 * Fails the calls in flight and releases connections and threads. Later calls fail.
	 * Has no effect the second time.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.exchanges.forEach(OkHttpExchange::dispose);
			this.client.close();
			StreamScheduler.release();
		}
	}

	int callsInFlight() {
		return this.exchanges.size();
	}

	private OkHttpExchange open(Prompt prompt, GrokChatOptions options, boolean streaming, CallContext context) {
		AttemptContext attempt = context.attempt();
		attempt.recordRequest(RequestHeaders.conversationId(RequestHeaders.from(options)));
		EchoFilter echoFilter = EchoFilter.of(prompt);
		echoFilter.addSecrets(options.getHeaders());
		echoFilter.addSecrets(this.secrets);
		boolean reasons = this.catalog.get(String.valueOf(options.getModel())).thinks(options.getReasoningEffort());
		OkHttpExchange exchange = this.client.exchange(options, streaming,
				reasons ? this.settings.reasoningReadTimeout() : this.settings.readTimeout(), echoFilter, attempt);
		this.exchanges.add(exchange);
		if (this.closed.get()) {
			exchange.dispose();
		}
		return exchange;
	}

	// Spring AI has no other way to associate a request with its call.
	private OpenAiChatModel model(OkHttpExchange exchange) {
		OpenAIClient client = this.client.client(exchange);
		return OpenAiChatModel.builder().openAiClient(client).openAiClientAsync(client.async()).build();
	}

	private RuntimeException translate(Throwable thrown, OkHttpExchange exchange, EchoFilter echoFilter) {
		return this.exceptionTranslator.translate(thrown, exchange, echoFilter);
	}

	private GrokChatOptions validate(Prompt prompt) {
		if (this.closed.get()) {
			throw SdkExceptionTranslator.transportClosed();
		}
		if (!(prompt.getOptions() instanceof GrokChatOptions options) || options.getModel() == null) {
			throw new IllegalArgumentException(
					"'prompt.options' must be complete GrokChatOptions; call this model through a GrokChatModel");
		}
		requireChatCompletions(options);
		FunctionTools.validate(options.getToolCallbacks());
		UserMessageValidator.validate(prompt.getInstructions());
		warnAboutLostReasoning(options);
		RequestHeaders.validate(options.getHeaders());
		if (options.getHeaders().keySet().stream().noneMatch("authorization"::equalsIgnoreCase)) {
			ApiKeySupplier.resolve(this.apiKey);
		}
		return this.conversationIds.withHashedId(options);
	}

	private void requireChatCompletions(GrokChatOptions options) {
		String requirement = EndpointSelector.findRequirement(options, this.catalog);
		if (requirement != null || options.getApi() == GrokApi.RESPONSES) {
			throw GrokApiException
				.builder(ErrorKind.INVALID_REQUEST, "The request asks for "
						+ ((requirement != null) ? requirement + ", which only the Responses API serves"
								: "the Responses API")
						+ ". The transport 'spring-ai' supports only Chat Completions, so nothing was sent to xAI. "
						+ "Set 'grok.chat.transport' to 'native'.")
				.sent(false)
				.build();
		}
	}

	private void warnAboutLostReasoning(GrokChatOptions options) {
		if (EndpointSelector.losesReasoning(options, this.catalog) && this.warnings.isFirst("reasoning")) {
			logger.warn("Tools are offered to model '" + LogSanitizer.sanitize(String.valueOf(options.getModel()))
					+ "', which always reasons. The transport 'spring-ai' serves Chat Completions only, where its "
					+ "reasoning is lost between rounds of tools. Set 'grok.chat.transport' to 'native' to keep it.");
		}
	}

	private static Prompt outgoing(Prompt prompt, GrokChatOptions options) {
		List<Message> messages = ToolOutput.moveImagesToUserMessages(ToolCallPairing.apply(prompt.getInstructions()))
			.stream()
			.map(OpenAiTransport::withoutReasoning)
			.map(OpenAiTransport::withSupportedMedia)
			.toList();
		return new Prompt(messages, OpenAiOptionsWriter.write(options));
	}

	// Spring AI sends the reasoning of earlier turns, which xAI bills as input but drops,
	// and empty arguments, which xAI refuses.
	private static Message withoutReasoning(Message message) {
		if (!(message instanceof AssistantMessage assistant) || (!assistant.getMetadata().containsKey(REASONING)
				&& assistant.getToolCalls().stream().noneMatch((call) -> call.arguments().isBlank()))) {
			return message;
		}
		Map<String, Object> metadata = new HashMap<>(assistant.getMetadata());
		metadata.remove(REASONING);
		return AssistantMessage.builder()
			.content(assistant.getText())
			.properties(metadata)
			.toolCalls(assistant.getToolCalls()
				.stream()
				.map((call) -> new AssistantMessage.ToolCall(call.id(), call.type(), call.name(),
						FunctionTools.argumentsOrEmpty(call.arguments())))
				.toList())
			.media(assistant.getMedia())
			.build();
	}

	// Spring AI sends text files as data URLs, and image data of type String unchanged.
	private static Message withSupportedMedia(Message message) {
		if (!(message instanceof UserMessage user) || user.getMedia().isEmpty()) {
			return message;
		}
		List<String> texts = new ArrayList<>();
		List<Media> remaining = new ArrayList<>();
		if (StringUtils.hasText(user.getText())) {
			texts.add(user.getText());
		}
		for (Media media : user.getMedia()) {
			String file = MediaEncoder.encodeTextFile(media);
			if (file != null) {
				texts.add(file);
			}
			else if (MediaEncoder.isImage(media)) {
				remaining.add(Media.builder().mimeType(media.getMimeType()).data(MediaEncoder.toUrl(media)).build());
			}
			else {
				remaining.add(media);
			}
		}
		return user.mutate().text(String.join("\n", texts)).media(remaining).build();
	}

	/**
	 * TLS trust and keys.
	 *
	 * @param socketFactory the socket factory
	 * @param trustManager the trust manager of the socket factory
	 */
	public record Tls(SSLSocketFactory socketFactory, X509TrustManager trustManager) {

	}

}
