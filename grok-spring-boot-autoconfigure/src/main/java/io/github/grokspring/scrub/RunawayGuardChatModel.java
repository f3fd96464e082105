package io.github.grokspring.scrub;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.WarnOnce;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.OutputStopped;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.SynchronousSink;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} that stops endless repetition. A stream whose text or reasoning
 * repeats the same unit too often is cancelled and fails with
 * {@link ErrorKind#RUNAWAY_OUTPUT}. A complete response is already billed, so it is
 * returned with a {@code grok.explanation} in its metadata, and a warning is logged once
 * per model. Both publish an {@link OutputStopped} event.
 * <p>
 * Arguments of tool calls are not checked, nor is text if the request asks for JSON,
 * where repetition is common. {@link GrokChatOptions#getRunawayGuard()} overrides the
 * settings for one request. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RunawayGuardChatModel extends ForwardingChatModel {

	private static final Log logger = LogFactory.getLog(RunawayGuardChatModel.class);

	private static final String NAME = "runaway-guard";

	private static final String EXPLANATION = "grok.explanation";

	private static final String REASONING = "reasoning";

	private static final String REASONING_DELTA = "reasoning-delta";

	private static final String ADVICE = "Send the request again, lower the reasoning effort or set 'max-tokens'. If such"
			+ " repetition is intended, set 'runawayGuard(false)' in the GrokChatOptions of the request, or"
			+ " 'grok.runaway-guard.enabled' to 'false'.";

	private static final Integer FIRST_CHOICE = 0;

	private final String client;

	private final RunawayGuardSettings settings;

	private final GrokEventListener events;

	private final WarnOnce warnings;

	private RunawayGuardChatModel(String client, ChatModel delegate, RunawayGuardSettings settings,
			GrokEventListener events, WarnOnce warnings) {
		super(delegate);
		this.client = client;
		this.settings = settings;
		this.events = events;
		this.warnings = warnings;
	}

	/**
	 * Creates the decorator of this stage.
	 * @param settings the limits of repetition
	 * @param events the listener for stopped output
	 * @return the decorator, at {@link Position#SCRUBBING}
	 */
	public static ChatModelDecorator decorator(RunawayGuardSettings settings, GrokEventListener events) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		GrokEventListener listener = GrokEventListener
			.failSafe(Objects.requireNonNull(events, "'events' must not be null"));
		WarnOnce warnings = new WarnOnce();
		return ChatModelDecorator.of(Position.SCRUBBING, NAME,
				(client, delegate) -> new RunawayGuardChatModel(client, delegate, settings, listener, warnings));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		ChatResponse response = delegate().call(prompt);
		ChatOptions options = prompt.getOptions();
		if (!isGuarded(options)) {
			return response;
		}
		String repetition = new RepetitionMonitor(!isStructured(options)).findInResponse(response);
		if (repetition == null) {
			return response;
		}
		String model = publish(options);
		String explanation = repetition + ". " + ADVICE;
		if (this.warnings.isFirst(model, EXPLANATION)) {
			logger.warn("Model '" + LogSanitizer.sanitize(model) + "' repeated itself. " + explanation);
		}
		return ChatResponses.with(response, EXPLANATION, explanation);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		if (!isGuarded(options)) {
			return delegate().stream(prompt);
		}
		return Flux.defer(() -> {
			RepetitionMonitor monitor = new RepetitionMonitor(!isStructured(options));
			return delegate().stream(prompt).handle((element, sink) -> next(element, monitor, options, sink));
		});
	}

	private void next(ChatResponse element, RepetitionMonitor monitor, @Nullable ChatOptions options,
			SynchronousSink<ChatResponse> sink) {
		String repetition = monitor.findInElement(element);
		if (repetition == null) {
			sink.next(element);
			return;
		}
		String model = publish(options);
		sink.error(GrokApiException
			.builder(ErrorKind.RUNAWAY_OUTPUT,
					"Model '" + LogSanitizer.sanitize(model) + "' repeated itself. " + repetition
							+ ". The stream was cancelled; output up to this point is billed. " + ADVICE)
			.build());
	}

	private String publish(@Nullable ChatOptions options) {
		String model = (options != null && options.getModel() != null) ? options.getModel() : "";
		this.events.onEvent(new OutputStopped(this.client, model, OutputStopped.RUNAWAY));
		return model;
	}

	private boolean isGuarded(@Nullable ChatOptions options) {
		Boolean guarded = (options instanceof GrokChatOptions grok) ? grok.getRunawayGuard() : null;
		return (guarded != null) ? guarded : this.settings.enabled();
	}

	private static boolean isStructured(@Nullable ChatOptions options) {
		if (!(options instanceof GrokChatOptions grok)) {
			return false;
		}
		return grok.getOutputSchema() != null
				|| (grok.getResponseFormat() != null && !"text".equals(grok.getResponseFormat()))
				|| isJson(grok.getExtraBody().get("response_format"))
				|| (grok.getExtraBody().get("text") instanceof Map<?, ?> text && isJson(text.get("format")));
	}

	private static boolean isJson(@Nullable Object format) {
		return format instanceof Map<?, ?> map && !"text".equals(map.get("type"));
	}

	private final class RepetitionMonitor {

		private final boolean checksText;

		private final Map<Object, RepetitionDetector> texts = new HashMap<>();

		private final Map<Object, RepetitionDetector> reasonings = new HashMap<>();

		private RepetitionMonitor(boolean checksText) {
			this.checksText = checksText;
		}

		/**
		 * Checks an element of a stream.
		 * @return a description of the repetition, or {@code null}
		 */
		@Nullable String findInElement(ChatResponse element) {
			return find(element, REASONING_DELTA);
		}

		/**
		 * Checks a complete response.
		 * @return a description of the repetition, or {@code null}
		 */
		@Nullable String findInResponse(ChatResponse response) {
			String found = find(response, REASONING);
			// OpenAiChatModel stores reasoning under another key of the message
			return (found == null && this.reasonings.isEmpty())
					? append(this.reasonings, FIRST_CHOICE, response.getMetadata().get(REASONING), REASONING) : found;
		}

		private @Nullable String find(ChatResponse element, String reasoningKey) {
			for (Generation generation : element.getResults()) {
				AssistantMessage message = generation.getOutput();
				Map<String, Object> metadata = message.getMetadata();
				Object choice = metadata.getOrDefault("index", FIRST_CHOICE);
				String found = append(this.reasonings, choice, metadata.get(reasoningKey), REASONING);
				if (found == null && this.checksText) {
					found = append(this.texts, choice, message.getText(), "text");
				}
				if (found != null) {
					return found;
				}
			}
			return null;
		}

		private @Nullable String append(Map<Object, RepetitionDetector> detectors, Object choice, @Nullable Object more,
				String what) {
			if (!(more instanceof String text) || text.isEmpty()) {
				return null;
			}
			RepetitionDetector detector = detectors.get(choice);
			if (detector == null) {
				detector = RunawayGuardChatModel.this.settings.newDetector();
				detectors.put(choice, detector);
			}
			return detector.append(text) ? "The " + what + " contains the same " + detector.unit() + " characters "
					+ detector.repetitions() + " times in a row" : null;
		}

	}

}
