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
 * Sends a prompt without the parameters that its model refuses. What was left out or
 * changed stands in the metadata of the answer as {@code grok.scrubbed}, a list of names
 * in the spelling of the request, and is told as {@link ParametersScrubbed}.
 * <p>
 * When xAI refuses a parameter all the same, it is left out from then on and the failure
 * becomes worth a retry, once for each parameter. Whether the request is sent again is
 * left to those who do so. Safe for use by several threads.
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
	 * A decorator that scrubs requests.
	 * @param scrubber knows what to take out
	 * @param events is told what was taken out and learned
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
		Prompt sent = promptOf(prompt, scrubbed);
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
			ScrubbedAttempt attempt = new ScrubbedAttempt(promptOf(prompt, scrubbed), scrubbed);
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

	private static Prompt promptOf(Prompt prompt, @Nullable Scrubbed scrubbed) {
		return (scrubbed != null) ? new Prompt(prompt.getInstructions(), scrubbed.options()) : prompt;
	}

	private static ChatResponse report(ChatResponse answer, @Nullable Scrubbed scrubbed) {
		return (scrubbed != null && !scrubbed.parameters().isEmpty())
				? ChatResponses.with(answer, SCRUBBED, scrubbed.parameters()) : answer;
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
		return (parameter != null || wasLearnedMeanwhile(failure, options, model)) ? retryable(failure) : failure;
	}

	// Requests that were under way together are all refused, and one of them is the first
	// to learn from it.
	private boolean wasLearnedMeanwhile(GrokApiException failure, GrokChatOptions sent, String model) {
		String parameter = ParameterRules.fieldOf(failure);
		if (parameter == null || !this.scrubber.learned().containsKey(model)) {
			return false;
		}
		Scrubbed again = this.scrubber.scrub(sent);
		return again != null && !Objects.equals(ParameterRules.valueOf(again.options(), parameter),
				ParameterRules.valueOf(sent, parameter));
	}

	private static GrokApiException retryable(GrokApiException failure) {
		String what = (failure.parameterValue() != null) ? "This value" : "It";
		return failure.mutate(failure.getMessage() + " " + what + " is left out from now on.")
			.retryable(true)
			.retryAfter(Duration.ZERO)
			.cause(failure)
			.build();
	}

	private static @Nullable GrokChatOptions optionsOf(Prompt prompt) {
		return (prompt.getOptions() instanceof GrokChatOptions options) ? options : null;
	}

	/**
	 * One stream.
	 */
	private final class ScrubbedAttempt {

		private final Prompt sent;

		private final @Nullable Scrubbed scrubbed;

		private boolean begun;

		private ScrubbedAttempt(Prompt sent, @Nullable Scrubbed scrubbed) {
			this.sent = sent;
			this.scrubbed = scrubbed;
		}

		private ChatResponse element(ChatResponse element) {
			this.begun = this.begun || ChatResponses.hasContent(element);
			return (this.scrubbed != null && ChatResponses.isLast(element)) ? report(element, this.scrubbed) : element;
		}

		private GrokApiException failure(GrokApiException failure) {
			return this.begun ? failure : learn(failure, this.sent);
		}

	}

}
