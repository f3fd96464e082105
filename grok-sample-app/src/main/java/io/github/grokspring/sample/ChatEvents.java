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
 * A response as server-sent events: {@code token} for each chunk of text,
 * {@code reasoning} for each chunk of reasoning, {@code tool} for each use of a tool, and
 * {@code done} at the end or {@code error} on failure. Text is sent as JSON, because
 * server-sent events drop a space at the start of a line.
 */
final class ChatEvents {

	/**
	 * Interval of comments that detect disconnected callers while the model is idle,
	 * because only a failed write reveals them.
	 */
	private static final Duration HEARTBEAT = Duration.ofSeconds(1);

	private ChatEvents() {
	}

	static Flux<ServerSentEvent<Object>> of(String conversationId,
			Function<ResponseRecorder, Flux<ChatResponse>> responses) {
		return Flux.defer(() -> {
			ResponseRecorder recorder = new ResponseRecorder();
			Sinks.Empty<Void> finished = Sinks.empty();
			Flux<ServerSentEvent<Object>> answer = answer(responses.apply(recorder), recorder, conversationId)
				.doOnTerminate(() -> {
					recorder.close();
					finished.tryEmitEmpty();
				});
			Flux<ServerSentEvent<Object>> tools = recorder.toolEvents().map((use) -> event("tool", use));
			return Flux.merge(answer, tools, heartbeat().takeUntilOther(finished.asMono()));
		});
	}

	private static Flux<ServerSentEvent<Object>> answer(Flux<ChatResponse> responses, ResponseRecorder recorder,
			String conversationId) {
		AtomicReference<@Nullable ChatResponseMetadata> last = new AtomicReference<>();
		return responses.doOnNext((response) -> last.set(response.getMetadata()))
			.concatMapIterable(ChatEvents::chunks)
			.concatWith(Mono.fromSupplier(() -> event("done", Done.of(last.get(), recorder, conversationId))))
			.onErrorResume((ex) -> Mono.just(event("error", GrokExceptionHandler.of(ex))));
	}

	private static Flux<ServerSentEvent<Object>> heartbeat() {
		return Flux.interval(HEARTBEAT)
			.onBackpressureDrop()
			.map((tick) -> ServerSentEvent.builder().comment("keep-alive").build());
	}

	private static List<ServerSentEvent<Object>> chunks(ChatResponse response) {
		Generation result = response.getResult();
		if (result == null) {
			return List.of();
		}
		List<ServerSentEvent<Object>> chunks = new ArrayList<>(2);
		AssistantMessage message = result.getOutput();
		if (message.getMetadata().get("reasoning-delta") instanceof String reasoning && !reasoning.isEmpty()) {
			chunks.add(event("reasoning", new Chunk(reasoning)));
		}
		String text = message.getText();
		if (StringUtils.hasLength(text)) {
			chunks.add(event("token", new Chunk(text)));
		}
		return chunks;
	}

	private static ServerSentEvent<Object> event(String name, Object data) {
		return ServerSentEvent.builder(data).event(name).build();
	}

	/**
	 * A chunk of text or reasoning.
	 *
	 * @param text text to append
	 */
	record Chunk(String text) {

	}

	/**
	 * End of a response.
	 *
	 * @param model the model that answered
	 * @param conversationId ID to send with the next message
	 * @param usage token usage
	 * @param citations sources of the response
	 * @param details further details
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Done(@Nullable String model, String conversationId, @Nullable TokenCount usage, List<Citation> citations,
			@Nullable ResponseDetails details) {

		static Done of(@Nullable ChatResponseMetadata metadata, ResponseRecorder recorder, String conversationId) {
			return (metadata != null)
					? new Done(metadata.getModel(), conversationId, TokenCount.of(metadata.getUsage()),
							citations(metadata), recorder.details(metadata))
					: new Done(null, conversationId, null, List.of(), null);
		}

		private static List<Citation> citations(ChatResponseMetadata metadata) {
			return (metadata.get(Citation.METADATA_KEY) instanceof List<?> sources)
					? sources.stream().filter(Citation.class::isInstance).map(Citation.class::cast).toList()
					: List.of();
		}

	}

}
