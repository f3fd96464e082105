package io.github.grokspring.cost;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import io.github.grokspring.chain.GrokChatOptions;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Stands where the transport stands and answers as told.
 */
record Scripted(Supplier<Flux<ChatResponse>> answer, AtomicInteger asked) implements ChatModel {

	static Scripted with(ChatResponse... elements) {
		return with(() -> Flux.just(elements));
	}

	static Scripted with(Supplier<Flux<ChatResponse>> answer) {
		return new Scripted(answer, new AtomicInteger());
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		this.asked.incrementAndGet();
		return this.answer.get().blockLast();
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		this.asked.incrementAndGet();
		return this.answer.get();
	}

	@Override
	public ChatOptions getOptions() {
		return GrokChatOptions.builder().build();
	}

	/** An element with text and nothing else. */
	static ChatResponse text(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)),
				ChatResponseMetadata.builder().id("a1").model("tiered").build());
	}

	/** An element with text, and with the usage so far. */
	static ChatResponse counted(String text, Usage usage) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)),
				ChatResponseMetadata.builder().id("a1").model("tiered").usage(usage).build());
	}

	/** An element with a piece of reasoning. */
	static ChatResponse thought(String thought) {
		AssistantMessage message = AssistantMessage.builder()
			.content("")
			.properties(Map.of("reasoning-delta", thought))
			.build();
		return new ChatResponse(List.of(new Generation(message, ChatGenerationMetadata.NULL)),
				ChatResponseMetadata.builder().id("a1").model("tiered").build());
	}

	/** The last element, or a whole answer. */
	static ChatResponse last(Usage usage, Map<String, Object> metadata) {
		return last("tiered", "", usage, metadata);
	}

	static ChatResponse last(String model, String text, Usage usage, Map<String, Object> metadata) {
		Map<String, Object> entries = new HashMap<>(metadata);
		entries.put("grok.requested-model", "tiered");
		return new ChatResponse(
				List.of(new Generation(new AssistantMessage(text),
						ChatGenerationMetadata.builder().finishReason("STOP").build())),
				ChatResponseMetadata.builder().id("a1").model(model).usage(usage).metadata(entries).build());
	}

	/** Usage of Chat Completions with what xAI reports, if it does. */
	static Usage usage(long prompt, long completion, Object ticks) {
		Map<String, Object> counted = new HashMap<>(
				TokenUsageTests.chat(prompt, 0, 0, completion, 0, prompt + completion));
		if (ticks != null) {
			counted.put("cost_in_usd_ticks", ticks);
		}
		return new DefaultUsage((int) prompt, (int) completion, (int) (prompt + completion), counted);
	}

}
