package io.github.grokspring.sample;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.StringUtils;

/**
 * An answer as server-sent events: {@code token} for each piece of text, {@code done} at
 * the end, {@code error} instead when it fails. Text travels as JSON, because the event
 * stream format eats blanks at the beginning of a line.
 */
final class ChatEvents {

	/**
	 * How soon a caller who has gone away is noticed while the model is silent: only a
	 * failed write tells.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	private ChatEvents() {
	}

	static Flux<ServerSentEvent<Object>> of(Flux<ChatResponse> responses, String conversationId) {
		return Flux.defer(() -> {
			Sinks.Empty<Void> finished = Sinks.empty();
			Flux<ServerSentEvent<Object>> answer = answer(responses, conversationId)
				.doOnTerminate(finished::tryEmitEmpty);
			return answer.mergeWith(heartbeat().takeUntilOther(finished.asMono()));
		});
	}

	private static Flux<ServerSentEvent<Object>> answer(Flux<ChatResponse> responses, String conversationId) {
		AtomicReference<@Nullable ChatResponseMetadata> last = new AtomicReference<>();
		return responses.doOnNext((response) -> last.set(response.getMetadata()))
			.mapNotNull(ChatEvents::text)
			.filter(StringUtils::hasLength)
			.map((text) -> event("token", new Token(text)))
			.concatWith(Mono.fromSupplier(() -> event("done", Done.of(last.get(), conversationId))))
			.onErrorResume((ex) -> Mono.just(event("error", Problems.of(ex))));
	}

	private static Flux<ServerSentEvent<Object>> heartbeat() {
		return Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> ServerSentEvent.builder().comment("still there").build());
	}

	private static @Nullable String text(ChatResponse response) {
		Generation result = response.getResult();
		return (result != null) ? result.getOutput().getText() : null;
	}

	private static ServerSentEvent<Object> event(String name, Object data) {
		return ServerSentEvent.builder(data).event(name).build();
	}

	/**
	 * A piece of the answer.
	 *
	 * @param text what to append to the pieces before it
	 */
	record Token(String text) {

	}

	/**
	 * End of an answer.
	 *
	 * @param model the model that answered
	 * @param conversationId what to send along to go on
	 * @param usage what the answer took
	 */
	record Done(@Nullable String model, String conversationId, @Nullable TokenCount usage) {

		static Done of(@Nullable ChatResponseMetadata metadata, String conversationId) {
			return (metadata != null)
					? new Done(metadata.getModel(), conversationId, TokenCount.of(metadata.getUsage()))
					: new Done(null, conversationId, null);
		}

	}

}
