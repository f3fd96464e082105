package io.github.grokspring.redaction;

import java.util.List;
import java.util.Objects;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.PromptRedacted;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} decorator that removes private values from prompts and restores them
 * in responses. The application retains the original messages; every request is redacted
 * again, with the same placeholders for the same messages. Publishes
 * {@link PromptRedacted} events, which do not contain the values. Thread-safe.
 *
 * @since 0.1.0
 */
public final class RedactingChatModel extends ForwardingChatModel {

	private final String client;

	private final Redactor redactor;

	private final RedactionMode mode;

	private final boolean restoreInUrls;

	private final GrokEventListener events;

	private RedactingChatModel(String client, ChatModel delegate, Decorator decorator) {
		super(delegate);
		this.client = client;
		this.redactor = decorator.redactor;
		this.mode = decorator.mode;
		this.restoreInUrls = decorator.restoreInUrls;
		this.events = GrokEventListener.failSafe(decorator.events);
	}

	/**
	 * Creates a decorator that does not restore values in URLs of the response.
	 * @param redactor detects private values
	 * @param mode the redaction mode
	 * @param events the listener to notify of redactions
	 * @return the decorator, at {@link Position#REDACTION}
	 */
	public static ChatModelDecorator decorator(Redactor redactor, RedactionMode mode, GrokEventListener events) {
		return decorator(redactor, mode, false, events);
	}

	/**
	 * Creates a decorator.
	 * @param redactor detects private values
	 * @param mode the redaction mode
	 * @param restoreInUrls whether to restore values in URLs of the response, which
	 * discloses them to the host of an opened URL
	 * @param events the listener to notify of redactions
	 * @return the decorator, at {@link Position#REDACTION}
	 */
	public static ChatModelDecorator decorator(Redactor redactor, RedactionMode mode, boolean restoreInUrls,
			GrokEventListener events) {
		return new Decorator(Objects.requireNonNull(redactor, "'redactor' must not be null"),
				Objects.requireNonNull(mode, "'mode' must not be null"), restoreInUrls,
				Objects.requireNonNull(events, "'events' must not be null"));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		RedactedPrompt redacted = redact(prompt);
		ChatResponse response = delegate().call(redacted.prompt());
		return (redacted.restorer() != null) ? redacted.restorer().restoreResponse(response) : response;
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			RedactedPrompt redacted = redact(prompt);
			Flux<ChatResponse> response = delegate().stream(redacted.prompt());
			PlaceholderRestorer restorer = redacted.restorer();
			return (restorer != null) ? restore(response, restorer) : response;
		});
	}

	private static Flux<ChatResponse> restore(Flux<ChatResponse> response, PlaceholderRestorer restorer) {
		Flux<ChatResponse> remaining = Flux.defer(restorer::remaining);
		return response.map(restorer::restoreElement)
			.onErrorResume((failure) -> remaining.concatWith(Flux.error(failure)))
			.concatWith(remaining);
	}

	private RedactedPrompt redact(Prompt prompt) {
		Redaction redaction = new Redaction(this.redactor, this.mode, this.restoreInUrls);
		List<Message> messages = redaction.redact(prompt.getInstructions());
		if (!redaction.isRedacted()) {
			return new RedactedPrompt(prompt, null);
		}
		redaction.counts().forEach((kind, count) -> this.events.onEvent(new PromptRedacted(this.client, kind, count)));
		return new RedactedPrompt(new Prompt(messages, prompt.getOptions()), (this.mode == RedactionMode.REVERSIBLE)
				? new PlaceholderRestorer(redaction.placeholders(), prompt.getOptions()) : null);
	}

	/**
	 * A redacted prompt.
	 *
	 * @param restorer restores the values in the response, {@code null} if there is
	 * nothing to restore
	 */
	private record RedactedPrompt(Prompt prompt, @Nullable PlaceholderRestorer restorer) {

	}

	private record Decorator(Redactor redactor, RedactionMode mode, boolean restoreInUrls,
			GrokEventListener events) implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.REDACTION;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return new RedactingChatModel(client, delegate, this);
		}

	}

}
