package io.github.grokspring.cache;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

import io.github.grokspring.chain.ChatResponses;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.content.Media;
import org.springframework.util.StringUtils;

/**
 * Converts between complete responses and stream elements.
 */
final class StreamElements {

	private static final String INDEX = "index";

	private static final String REASONING = "reasoning";

	private static final String REASONING_DELTA = "reasoning-delta";

	private StreamElements() {
	}

	/**
	 * Splits a response into stream elements: reasoning, text, and a last element with
	 * everything else.
	 */
	static List<ChatResponse> of(ChatResponse response) {
		List<Generation> reasonings = new ArrayList<>();
		List<Generation> texts = new ArrayList<>();
		List<Generation> remainders = new ArrayList<>();
		for (Generation generation : response.getResults()) {
			AssistantMessage message = generation.getOutput();
			Map<String, Object> index = message.getMetadata().containsKey(INDEX)
					? Map.of(INDEX, message.getMetadata().get(INDEX)) : Map.of();
			if (message.getMetadata().get(REASONING) instanceof String reasoning && !reasoning.isEmpty()) {
				Map<String, Object> properties = new HashMap<>(index);
				properties.put(REASONING_DELTA, reasoning);
				reasonings.add(part("", properties));
			}
			if (StringUtils.hasLength(message.getText())) {
				texts.add(part(message.getText(), index));
			}
			remainders.add(new Generation(AssistantMessage.builder()
				.content("")
				.properties(message.getMetadata())
				.toolCalls(message.getToolCalls())
				.media(message.getMedia())
				.build(), generation.getMetadata()));
		}
		ChatResponseMetadata identity = ChatResponseMetadata.builder()
			.id(response.getMetadata().getId())
			.model(response.getMetadata().getModel())
			.build();
		List<ChatResponse> elements = new ArrayList<>(3);
		if (!reasonings.isEmpty()) {
			elements.add(new ChatResponse(reasonings, identity));
		}
		if (!texts.isEmpty()) {
			elements.add(new ChatResponse(texts, identity));
		}
		elements.add(new ChatResponse(remainders, response.getMetadata()));
		return elements;
	}

	private static Generation part(String text, Map<String, Object> properties) {
		return new Generation(AssistantMessage.builder().content(text).properties(properties).build(),
				ChatGenerationMetadata.NULL);
	}

	static ChatResponse merge(List<ChatResponse> elements) {
		Map<Integer, GenerationBuilder> generations = new TreeMap<>();
		ChatResponseMetadata metadata = new ChatResponseMetadata();
		boolean complete = false;
		for (ChatResponse element : elements) {
			int position = 0;
			for (Generation generation : element.getResults()) {
				int index = (generation.getOutput().getMetadata().get(INDEX) instanceof Integer given) ? given
						: position;
				generations.computeIfAbsent(index, (any) -> new GenerationBuilder()).add(generation);
				position++;
			}
			// Metadata after the last element adds nothing
			complete |= ChatResponses.isLast(element);
			metadata = (complete && !ChatResponses.isLast(element)) ? metadata : element.getMetadata();
		}
		return new ChatResponse(generations.values().stream().map(GenerationBuilder::build).toList(), metadata);
	}

	private static final class GenerationBuilder {

		private final StringBuilder text = new StringBuilder();

		private final Map<String, Object> properties = new HashMap<>();

		private final List<AssistantMessage.ToolCall> toolCalls = new ArrayList<>();

		private final List<Media> media = new ArrayList<>();

		private @Nullable ChatGenerationMetadata metadata;

		void add(Generation generation) {
			AssistantMessage message = generation.getOutput();
			if (message.getText() != null) {
				this.text.append(message.getText());
			}
			this.properties.putAll(message.getMetadata());
			this.toolCalls.addAll(message.getToolCalls());
			this.media.addAll(message.getMedia());
			if (this.metadata == null || StringUtils.hasText(generation.getMetadata().getFinishReason())) {
				this.metadata = generation.getMetadata();
			}
		}

		Generation build() {
			this.properties.remove(REASONING_DELTA);
			AssistantMessage message = AssistantMessage.builder()
				.content(this.text.toString())
				.properties(this.properties)
				.toolCalls(this.toolCalls)
				.media(this.media)
				.build();
			return new Generation(message, (this.metadata != null) ? this.metadata : ChatGenerationMetadata.NULL);
		}

	}

}
