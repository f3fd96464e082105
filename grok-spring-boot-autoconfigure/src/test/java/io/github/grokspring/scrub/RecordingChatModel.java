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
 * {@link ChatModel} that records the options of requests and returns the given responses.
 */
final class RecordingChatModel implements ChatModel {

	private final List<GrokChatOptions> sent = new CopyOnWriteArrayList<>();

	private final Function<GrokChatOptions, Publisher<ChatResponse>> elements;

	RecordingChatModel(Function<GrokChatOptions, Publisher<ChatResponse>> elements) {
		this.elements = elements;
	}

	static RecordingChatModel returning(ChatResponse... elements) {
		return new RecordingChatModel((options) -> Flux.just(elements));
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

	static ChatResponse part(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)));
	}

	/**
	 * Creates a complete response, or the last element of a stream.
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
