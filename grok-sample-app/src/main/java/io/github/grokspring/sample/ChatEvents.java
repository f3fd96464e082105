package io.github.grokspring.sample;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.grokspring.tool.Citation;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.util.StringUtils;

/**
 * An answer as server-sent events: {@code token} for each piece of text,
 * {@code reasoning} for each piece of what the model thinks, {@code tool} for each use of
 * a tool, {@code done} at the end, {@code error} instead when it fails. Text travels as
 * JSON, because the event stream format eats blanks at the beginning of a line.
 */
final class ChatEvents {

	/**
	 * How soon a caller who has gone away is noticed while the model is silent: only a
	 * failed write tells.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	private ChatEvents() {
	}

	static Flux<ServerSentEvent<Object>> of(String conversationId, Function<Journal, Flux<ChatResponse>> responses) {
		return Flux.defer(() -> {
			Journal journal = new Journal();
			Sinks.Empty<Void> finished = Sinks.empty();
			Flux<ServerSentEvent<Object>> answer = answer(responses.apply(journal), journal, conversationId)
				.doOnTerminate(() -> {
					journal.close();
					finished.tryEmitEmpty();
				});
			Flux<ServerSentEvent<Object>> tools = journal.toolEvents().map((use) -> event("tool", use));
			return Flux.merge(answer, tools, heartbeat().takeUntilOther(finished.asMono()));
		});
	}

	private static Flux<ServerSentEvent<Object>> answer(Flux<ChatResponse> responses, Journal journal,
			String conversationId) {
		AtomicReference<@Nullable ChatResponseMetadata> last = new AtomicReference<>();
		return responses.doOnNext((response) -> last.set(response.getMetadata()))
			.concatMapIterable(ChatEvents::pieces)
			.concatWith(Mono.fromSupplier(() -> event("done", Done.of(last.get(), journal, conversationId))))
			.onErrorResume((ex) -> Mono.just(event("error", Problems.of(ex))));
	}

	private static Flux<ServerSentEvent<Object>> heartbeat() {
		return Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> ServerSentEvent.builder().comment("still there").build());
	}

	private static List<ServerSentEvent<Object>> pieces(ChatResponse response) {
		Generation result = response.getResult();
		if (result == null) {
			return List.of();
		}
		List<ServerSentEvent<Object>> pieces = new ArrayList<>(2);
		AssistantMessage message = result.getOutput();
		if (message.getMetadata().get("reasoning-delta") instanceof String thought && !thought.isEmpty()) {
			pieces.add(event("reasoning", new Piece(thought)));
		}
		String text = message.getText();
		if (StringUtils.hasLength(text)) {
			pieces.add(event("token", new Piece(text)));
		}
		return pieces;
	}

	private static ServerSentEvent<Object> event(String name, Object data) {
		return ServerSentEvent.builder(data).event(name).build();
	}

	/**
	 * A piece of the answer, or of what the model thinks.
	 *
	 * @param text what to append to the pieces before it
	 */
	record Piece(String text) {

	}

	/**
	 * End of an answer.
	 *
	 * @param model the model that answered
	 * @param conversationId what to send along to go on
	 * @param usage what the answer took
	 * @param citations the sources that the answer names
	 * @param details what else is known of it
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Done(@Nullable String model, String conversationId, @Nullable TokenCount usage, List<Citation> citations,
			@Nullable AnswerDetails details) {

		static Done of(@Nullable ChatResponseMetadata metadata, Journal journal, String conversationId) {
			return (metadata != null)
					? new Done(metadata.getModel(), conversationId, TokenCount.of(metadata.getUsage()),
							citations(metadata), journal.details(metadata))
					: new Done(null, conversationId, null, List.of(), null);
		}

		private static List<Citation> citations(ChatResponseMetadata metadata) {
			return (metadata.get(Citation.METADATA_KEY) instanceof List<?> sources)
					? sources.stream().filter(Citation.class::isInstance).map(Citation.class::cast).toList()
					: List.of();
		}

	}

}
