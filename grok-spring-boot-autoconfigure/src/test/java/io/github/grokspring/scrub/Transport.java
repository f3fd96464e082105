package io.github.grokspring.scrub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatOptions;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Stands where the transport stands and streams what it is told, whole answers too.
 */
final class Transport implements ChatModel {

	private final List<GrokChatOptions> sent = new CopyOnWriteArrayList<>();

	private final Function<GrokChatOptions, Publisher<ChatResponse>> elements;

	Transport(Function<GrokChatOptions, Publisher<ChatResponse>> elements) {
		this.elements = elements;
	}

	static Transport answering(ChatResponse... elements) {
		return new Transport((options) -> Flux.just(elements));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		return stream(prompt).blockLast();
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		GrokChatOptions options = (GrokChatOptions) prompt.getOptions();
		this.sent.add(options);
		return Flux.from(this.elements.apply(options));
	}

	List<GrokChatOptions> sent() {
		return this.sent;
	}

	GrokChatOptions last() {
		return this.sent.get(this.sent.size() - 1);
	}

	/**
	 * An element with text and no more.
	 */
	static ChatResponse part(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)));
	}

	/**
	 * A whole answer, or the last element of a stream.
	 */
	static ChatResponse end(String text, String finishReason, ChatResponseMetadata.Builder metadata) {
		return new ChatResponse(
				List.of(new Generation(new AssistantMessage(text),
						ChatGenerationMetadata.builder().finishReason(finishReason).build())),
				metadata.keyValue("grok.requested-model", "grok-4.3").build());
	}

	static ChatResponse end(String text) {
		return end(text, "STOP", ChatResponseMetadata.builder().id("a1").model("grok-4.3"));
	}

}
