package io.github.grokspring.scrub;

import java.time.Duration;
import java.util.Objects;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ParameterLearned;
import io.github.grokspring.event.ParametersScrubbed;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} that removes parameters from requests that the model does not
 * support. The response metadata {@code grok.scrubbed} lists the names of the removed or
 * changed request fields; they are also published as {@link ParametersScrubbed}.
 * <p>
 * If xAI rejects a parameter nevertheless, it is removed from further requests and the
 * failure becomes retryable, once per parameter. This model does not retry itself.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ScrubbingChatModel extends ForwardingChatModel {

	private static final String SCRUBBED = "grok.scrubbed";

	private final String client;

	private final Scrubber scrubber;

	private final GrokEventListener events;

	private ScrubbingChatModel(String client, ChatModel delegate, Scrubber scrubber, GrokEventListener events) {
		super(delegate);
		this.client = client;
		this.scrubber = scrubber;
		this.events = GrokEventListener.failSafe(events);
	}

	/**
	 * Creates the decorator of this stage.
	 * @param scrubber the scrubber
	 * @param events the listener for removed and learned parameters
	 * @return the decorator, at {@link Position#SCRUBBING}
	 */
	public static ChatModelDecorator decorator(Scrubber scrubber, GrokEventListener events) {
		Objects.requireNonNull(scrubber, "'scrubber' must not be null");
		Objects.requireNonNull(events, "'events' must not be null");
		return ChatModelDecorator.of(Position.SCRUBBING,
				(client, delegate) -> new ScrubbingChatModel(client, delegate, scrubber, events));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		Scrubbed scrubbed = scrub(prompt);
		Prompt sent = scrubbedPrompt(prompt, scrubbed);
		try {
			return report(delegate().call(sent), scrubbed);
		}
		catch (GrokApiException ex) {
			throw learn(ex, sent);
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Scrubbed scrubbed = scrub(prompt);
			ScrubbedAttempt attempt = new ScrubbedAttempt(scrubbedPrompt(prompt, scrubbed), scrubbed);
			return delegate().stream(attempt.sent)
				.map(attempt::element)
				.onErrorMap(GrokApiException.class, attempt::failure);
		});
	}

	private @Nullable Scrubbed scrub(Prompt prompt) {
		GrokChatOptions options = optionsOf(prompt);
		Scrubbed scrubbed = (options != null) ? this.scrubber.scrub(options) : null;
		if (scrubbed != null && !scrubbed.parameters().isEmpty()) {
			this.events.onEvent(new ParametersScrubbed(this.client, String.valueOf(scrubbed.options().getModel()),
					scrubbed.parameters()));
		}
		return scrubbed;
	}

	private static Prompt scrubbedPrompt(Prompt prompt, @Nullable Scrubbed scrubbed) {
		return (scrubbed != null) ? new Prompt(prompt.getInstructions(), scrubbed.options()) : prompt;
	}

	private static ChatResponse report(ChatResponse response, @Nullable Scrubbed scrubbed) {
		return (scrubbed != null && !scrubbed.parameters().isEmpty())
				? ChatResponses.with(response, SCRUBBED, scrubbed.parameters()) : response;
	}

	private GrokApiException learn(GrokApiException failure, Prompt sent) {
		GrokChatOptions options = optionsOf(sent);
		if (options == null || failure.kind() != ErrorKind.UNSUPPORTED_PARAMETER) {
			return failure;
		}
		String model = String.valueOf(options.getModel());
		String parameter = this.scrubber.learn(failure, options);
		if (parameter != null) {
			this.events.onEvent(new ParameterLearned(this.client, model, parameter));
		}
		return (parameter != null || isAlreadyLearned(failure, options, model)) ? retryable(failure) : failure;
	}

	// Of several concurrent requests that are rejected, only the first one learns
	private boolean isAlreadyLearned(GrokApiException failure, GrokChatOptions sent, String model) {
		String parameter = ParameterRules.fieldOf(failure);
		if (parameter == null || !this.scrubber.learned().containsKey(model)) {
			return false;
		}
		Scrubbed again = this.scrubber.scrub(sent);
		return again != null && !Objects.equals(ParameterRules.valueOf(again.options(), parameter),
				ParameterRules.valueOf(sent, parameter));
	}

	private static GrokApiException retryable(GrokApiException failure) {
		String what = (failure.parameterValue() != null) ? "This value" : "The parameter";
		return failure.mutate(failure.getMessage() + " " + what + " is no longer sent.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	private static @Nullable GrokChatOptions optionsOf(Prompt prompt) {
		return (prompt.getOptions() instanceof GrokChatOptions options) ? options : null;
	}

	private final class ScrubbedAttempt {

		private final Prompt sent;

		private final @Nullable Scrubbed scrubbed;

		private boolean started;

		private ScrubbedAttempt(Prompt sent, @Nullable Scrubbed scrubbed) {
			this.sent = sent;
			this.scrubbed = scrubbed;
		}

		private ChatResponse element(ChatResponse element) {
			this.started = this.started || ChatResponses.hasContent(element);
			return (this.scrubbed != null && ChatResponses.isLast(element)) ? report(element, this.scrubbed) : element;
		}

		private GrokApiException failure(GrokApiException failure) {
			return this.started ? failure : learn(failure, this.sent);
		}

	}

}
