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
 * Makes elements of a stream from a whole answer, and the other way.
 */
final class StreamElements {

	private static final String INDEX = "index";

	private static final String REASONING = "reasoning";

	private static final String REASONING_DELTA = "reasoning-delta";

	private StreamElements() {
	}

	/**
	 * The elements of an answer that is there at once: what was thought, what was
	 * written, and the last one with everything else.
	 * @param whole the answer
	 * @return one to three elements
	 */
	static List<ChatResponse> of(ChatResponse whole) {
		List<Generation> thoughts = new ArrayList<>();
		List<Generation> texts = new ArrayList<>();
		List<Generation> rests = new ArrayList<>();
		for (Generation generation : whole.getResults()) {
			AssistantMessage message = generation.getOutput();
			Map<String, Object> index = message.getMetadata().containsKey(INDEX)
					? Map.of(INDEX, message.getMetadata().get(INDEX)) : Map.of();
			if (message.getMetadata().get(REASONING) instanceof String reasoning && !reasoning.isEmpty()) {
				Map<String, Object> properties = new HashMap<>(index);
				properties.put(REASONING_DELTA, reasoning);
				thoughts.add(part("", properties));
			}
			if (StringUtils.hasLength(message.getText())) {
				texts.add(part(message.getText(), index));
			}
			rests.add(new Generation(AssistantMessage.builder()
				.content("")
				.properties(message.getMetadata())
				.toolCalls(message.getToolCalls())
				.media(message.getMedia())
				.build(), generation.getMetadata()));
		}
		ChatResponseMetadata identity = ChatResponseMetadata.builder()
			.id(whole.getMetadata().getId())
			.model(whole.getMetadata().getModel())
			.build();
		List<ChatResponse> elements = new ArrayList<>(3);
		if (!thoughts.isEmpty()) {
			elements.add(new ChatResponse(thoughts, identity));
		}
		if (!texts.isEmpty()) {
			elements.add(new ChatResponse(texts, identity));
		}
		elements.add(new ChatResponse(rests, whole.getMetadata()));
		return elements;
	}

	private static Generation part(String text, Map<String, Object> properties) {
		return new Generation(AssistantMessage.builder().content(text).properties(properties).build(),
				ChatGenerationMetadata.NULL);
	}

	/**
	 * The answer that came in elements.
	 * @param elements the elements, all of them
	 * @return the answer
	 */
	static ChatResponse whole(List<ChatResponse> elements) {
		Map<Integer, Growing> generations = new TreeMap<>();
		ChatResponseMetadata metadata = new ChatResponseMetadata();
		boolean complete = false;
		for (ChatResponse element : elements) {
			int position = 0;
			for (Generation generation : element.getResults()) {
				int index = (generation.getOutput().getMetadata().get(INDEX) instanceof Integer given) ? given
						: position;
				generations.computeIfAbsent(index, (any) -> new Growing()).add(generation);
				position++;
			}
			// Nothing that says more than the last element comes after it
			complete |= ChatResponses.isLast(element);
			metadata = (complete && !ChatResponses.isLast(element)) ? metadata : element.getMetadata();
		}
		return new ChatResponse(generations.values().stream().map(Growing::whole).toList(), metadata);
	}

	/**
	 * One of the answers to a prompt; there is rarely more than one.
	 */
	private static final class Growing {

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

		Generation whole() {
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
