package io.github.grokspring.openai;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;

import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.X509TrustManager;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.BoundedObservationConvention;
import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.EndpointSelector;
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
import io.micrometer.observation.ObservationRegistry;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.observation.ChatModelObservationConvention;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.util.StringUtils;

/**
 * Spring AI's {@link OpenAiChatModel} as transport to xAI's Chat Completions, for those
 * who want OpenAI's Java SDK on the wire. It stands at the end of the chain of a
 * {@link io.github.grokspring.chain.GrokChatModel} and expects complete
 * {@link GrokChatOptions}.
 * <p>
 * The SDK's client is made here: it never retries, reads no {@code OPENAI_*} environment
 * variable but for logging, which is switched off, and sends neither telemetry nor
 * traces. Failures are {@link io.github.grokspring.error.GrokException}s. A blocking call
 * may be interrupted; cancelling a stream closes the socket at once and does not block; a
 * stream that ends without a finish reason fails. HTTP/2 is used where TLS negotiates it,
 * whatever {@link HttpSettings#protocol()} says, and every stream in flight holds a
 * thread. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class OpenAiTransport implements ChatModel, AutoCloseable {

	private static final Log logger = LogFactory.getLog(OpenAiTransport.class);

	private static final String REASONING = "reasoningContent";

	private final AtomicBoolean closed = new AtomicBoolean();

	private final Supplier<@Nullable String> apiKey;

	private final InFlightCalls calls;

	private final SdkFailures failures;

	private final ModelCatalog catalog;

	private final ConversationIdHasher conversationIds;

	private final SdkClient client;

	private final OpenAiChatModel model;

	private final WarnOnce warnings = new WarnOnce();

	private OpenAiTransport(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ConversationIdHasher conversationIds, ObservationRegistry observations,
			@Nullable ChatModelObservationConvention convention) {
		this.apiKey = apiKey;
		this.conversationIds = conversationIds;
		this.catalog = catalog;
		this.calls = new InFlightCalls(settings, catalog);
		this.failures = new SdkFailures(settings);
		this.client = new SdkClient(settings, apiKey, tls, this.calls, observations);
		this.model = OpenAiChatModel.builder()
			.openAiClient(this.client.client())
			.openAiClientAsync(this.client.client().async())
			.options(OpenAiChatOptions.builder().timeout(settings.callTimeout()).maxRetries(0).build())
			.observationRegistry(observations)
			.build();
		this.model
			.setObservationConvention((convention != null) ? convention : new BoundedObservationConvention(catalog));
		StreamScheduler.acquire();
	}

	/**
	 * Create a transport that makes codes for ids of conversations with the API key.
	 * @param settings how xAI is reached
	 * @param apiKey asked for every request
	 * @param tls trust and keys, or {@code null} for the defaults of the JVM
	 * @param catalog tells which models reason
	 * @param observations where observations of calls and of HTTP exchanges go
	 * @param convention how observations of calls are named, or {@code null} for the
	 * default
	 * @return a transport, to be closed when it is no longer needed
	 */
	public static OpenAiTransport create(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ObservationRegistry observations,
			@Nullable ChatModelObservationConvention convention) {
		return create(settings, apiKey, tls, catalog, new ConversationIdHasher(apiKey), observations, convention);
	}

	/**
	 * Create a transport.
	 * @param settings how xAI is reached; {@link HttpSettings#tls()} is for Netty and not
	 * looked at
	 * @param apiKey asked for every request, so that a key may change while the
	 * application runs
	 * @param tls trust and keys, or {@code null} for the defaults of the JVM
	 * @param catalog tells which models reason
	 * @param conversationIds makes the codes that are sent for ids of conversations
	 * @param observations where observations of calls and of HTTP exchanges go
	 * @param convention how observations of calls are named, or {@code null} for Spring
	 * AI's names with provider {@code x_ai}
	 * @return a transport, to be closed when it is no longer needed
	 */
	public static OpenAiTransport create(HttpSettings settings, Supplier<@Nullable String> apiKey, @Nullable Tls tls,
			ModelCatalog catalog, ConversationIdHasher conversationIds, ObservationRegistry observations,
			@Nullable ChatModelObservationConvention convention) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(apiKey, "'apiKey' must not be null");
		Objects.requireNonNull(catalog, "'catalog' must not be null");
		Objects.requireNonNull(observations, "'observations' must not be null");
		return new OpenAiTransport(settings, apiKey, tls, catalog, conversationIds, observations, convention);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		GrokChatOptions options = sendable(prompt);
		InFlightCall call = this.calls.open(options, false, EchoFilter.of(prompt), CallContext.current().attempt());
		try {
			return new ResponseEnricher(call).whole(this.model.call(outgoing(prompt, options, call)));
		}
		catch (Exception ex) {
			call.cancel();
			throw failure(ex, call);
		}
		catch (Throwable ex) {
			call.cancel();
			throw ex;
		}
		finally {
			this.calls.done(call);
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			SendState sendState = SendState.of(view);
			if (sendState != null) {
				sendState.track();
			}
			GrokChatOptions options = sendable(prompt);
			InFlightCall call = this.calls.open(options, true, EchoFilter.of(prompt), CallContext.of(view).attempt());
			ResponseEnricher answer = new ResponseEnricher(call);
			return CallLifecycle.guard(() -> this.model.stream(outgoing(prompt, options, call)))
				// The SDK waits for the reading thread to leave the socket, so it is told
				// on another thread, after the socket was closed on this one.
				.cancelOn(StreamScheduler.scheduler())
				.<ChatResponse>handle(answer::next)
				.concatWith(Flux.defer(() -> end(call, answer)))
				.onErrorMap(Exception.class, (ex) -> failure(ex, call))
				.doOnCancel(() -> cancel(call, sendState))
				.doFinally((signal) -> this.calls.done(call));
		});
	}

	@Override
	public ChatOptions getOptions() {
		return GrokChatOptions.builder().build();
	}

	/**
	 * End the calls in flight with a failure and release connections and threads. Calls
	 * made later fail. Does nothing the second time.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			this.calls.closeConnections();
			this.client.close();
			StreamScheduler.release();
		}
	}

	int callsInFlight() {
		return this.calls.size();
	}

	private static void cancel(InFlightCall call, @Nullable SendState sendState) {
		call.cancel();
		if (sendState != null && call.isSent()) {
			sendState.markSent();
		}
	}

	private Flux<ChatResponse> end(InFlightCall call, ResponseEnricher answer) {
		if (call.isCancelled()) {
			return Flux.empty();
		}
		return call.isFinished() ? Flux.just(answer.last()) : Flux.error(this.failures.brokenStream(call));
	}

	private RuntimeException failure(Throwable thrown, InFlightCall call) {
		if (this.closed.get() && SdkFailures.isRejected(thrown)) {
			return SdkFailures.closed();
		}
		return this.failures.translate(thrown, call);
	}

	private GrokChatOptions sendable(Prompt prompt) {
		if (this.closed.get()) {
			throw SdkFailures.closed();
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
		String need = EndpointSelector.findRequirement(options, this.catalog);
		if (need != null || options.getApi() == GrokApi.RESPONSES) {
			throw GrokApiException
				.builder(ErrorKind.INVALID_REQUEST, "The request asks for "
						+ ((need != null) ? need + ", which only the Responses API serves" : "the Responses API")
						+ ". The transport 'spring-ai' serves only Chat Completions, so nothing was sent to xAI. "
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

	private static Prompt outgoing(Prompt prompt, GrokChatOptions options, InFlightCall call) {
		List<Message> messages = ToolOutput.moveImagesToUserMessages(ToolCallPairing.apply(prompt.getInstructions()))
			.stream()
			.map(OpenAiTransport::sendable)
			.map(OpenAiTransport::withMediaForXai)
			.toList();
		return new Prompt(messages, OpenAiOptionsWriter.write(options, call.timeout(), call.id()));
	}

	// Spring AI would send the reasoning of earlier turns again, which xAI bills as input
	// and then drops, and empty arguments, which xAI refuses.
	private static Message sendable(Message message) {
		if (!(message instanceof AssistantMessage answer) || (!answer.getMetadata().containsKey(REASONING)
				&& answer.getToolCalls().stream().noneMatch((call) -> call.arguments().isBlank()))) {
			return message;
		}
		Map<String, Object> metadata = new HashMap<>(answer.getMetadata());
		metadata.remove(REASONING);
		return AssistantMessage.builder()
			.content(answer.getText())
			.properties(metadata)
			.toolCalls(answer.getToolCalls()
				.stream()
				.map((call) -> new AssistantMessage.ToolCall(call.id(), call.type(), call.name(),
						FunctionTools.argumentsOrEmpty(call.arguments())))
				.toList())
			.media(answer.getMedia())
			.build();
	}

	// Spring AI would send a text file as a data URL that the model has to read, and
	// media that are texts as they are.
	private static Message withMediaForXai(Message message) {
		if (!(message instanceof UserMessage user) || user.getMedia().isEmpty()) {
			return message;
		}
		List<String> texts = new ArrayList<>();
		List<Media> others = new ArrayList<>();
		if (StringUtils.hasText(user.getText())) {
			texts.add(user.getText());
		}
		for (Media media : user.getMedia()) {
			String file = MediaEncoder.encodeTextFile(media);
			if (file != null) {
				texts.add(file);
			}
			else if (MediaEncoder.isImage(media)) {
				others.add(Media.builder().mimeType(media.getMimeType()).data(MediaEncoder.toUrl(media)).build());
			}
			else {
				others.add(media);
			}
		}
		return user.mutate().text(String.join("\n", texts)).media(others).build();
	}

	/**
	 * Trust and keys for TLS.
	 *
	 * @param socketFactory makes the sockets
	 * @param trustManager the trust manager that the factory was made with
	 */
	public record Tls(SSLSocketFactory socketFactory, X509TrustManager trustManager) {

	}

}
