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
 * Sends a prompt without the private values in it, and puts them back into the answer.
 * Every request is redacted anew from what the application holds, in such a way that the
 * same messages give the same placeholders. What was replaced is told as
 * {@link PromptRedacted}, without the values. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RedactingChatModel extends ForwardingChatModel {

	private final String client;

	private final Redactor redactor;

	private final RedactionMode mode;

	private final boolean restoreInUrls;

	private final GrokEventListener events;

	private RedactingChatModel(String client, ChatModel delegate, Decorator settings) {
		super(delegate);
		this.client = client;
		this.redactor = settings.redactor;
		this.mode = settings.mode;
		this.restoreInUrls = settings.restoreInUrls;
		this.events = GrokEventListener.failSafe(settings.events);
	}

	/**
	 * A decorator that redacts requests. Placeholders within URLs of the response stay
	 * placeholders.
	 * @param redactor finds what is private
	 * @param mode what is done about it
	 * @param events is told what was replaced
	 * @return the decorator, at {@link Position#REDACTION}
	 */
	public static ChatModelDecorator decorator(Redactor redactor, RedactionMode mode, GrokEventListener events) {
		return decorator(redactor, mode, false, events);
	}

	/**
	 * A decorator that redacts requests.
	 * @param redactor finds what is private
	 * @param mode what is done about it
	 * @param restoreInUrls whether values are put back within URLs of the response, too,
	 * which whoever opens them then gets to know
	 * @param events is told what was replaced
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
		Sent sent = redact(prompt);
		ChatResponse answer = delegate().call(sent.prompt());
		return (sent.restoration() != null) ? sent.restoration().whole(answer) : answer;
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Sent sent = redact(prompt);
			Flux<ChatResponse> answer = delegate().stream(sent.prompt());
			PlaceholderRestorer restoration = sent.restoration();
			return (restoration != null) ? restored(answer, restoration) : answer;
		});
	}

	private static Flux<ChatResponse> restored(Flux<ChatResponse> answer, PlaceholderRestorer restoration) {
		Flux<ChatResponse> rest = Flux.defer(restoration::rest);
		return answer.map(restoration::next)
			.onErrorResume((failure) -> rest.concatWith(Flux.error(failure)))
			.concatWith(rest);
	}

	private Sent redact(Prompt prompt) {
		Redaction redaction = new Redaction(this.redactor, this.mode, this.restoreInUrls);
		List<Message> messages = redaction.redact(prompt.getInstructions());
		if (!redaction.isNeeded()) {
			return new Sent(prompt, null);
		}
		redaction.counts().forEach((kind, count) -> this.events.onEvent(new PromptRedacted(this.client, kind, count)));
		return new Sent(new Prompt(messages, prompt.getOptions()), (this.mode == RedactionMode.REVERSIBLE)
				? new PlaceholderRestorer(redaction.placeholders(), prompt.getOptions()) : null);
	}

	/**
	 * A request without private values.
	 *
	 * @param prompt what is sent
	 * @param restoration puts values back into the answer, {@code null} if there is
	 * nothing to put back
	 */
	private record Sent(Prompt prompt, @Nullable PlaceholderRestorer restoration) {

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
