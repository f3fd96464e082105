package io.github.grokspring.redaction;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Restores the values in a response or its stream elements: in text, reasoning, tool call
 * arguments, and string metadata. Not thread-safe.
 */
final class PlaceholderRestorer {

	private static final String REASONING_DELTA = "reasoning-delta";

	private static final String INDEX = "index";

	private final Placeholders placeholders;

	private final boolean json;

	private final Map<Integer, StreamingRestorer> texts = new HashMap<>();

	private final Map<Integer, StreamingRestorer> reasonings = new HashMap<>();

	PlaceholderRestorer(Placeholders placeholders, @Nullable ChatOptions options) {
		this.placeholders = placeholders;
		this.json = options instanceof GrokChatOptions grok && (grok.getOutputSchema() != null
				|| (grok.getResponseFormat() != null && grok.getResponseFormat().startsWith("json")));
	}

	ChatResponse restoreResponse(ChatResponse response) {
		return restore(response, true);
	}

	ChatResponse restoreElement(ChatResponse element) {
		return restore(element, ChatResponses.isLast(element));
	}

	/**
	 * Returns the text that is held back when a stream terminates.
	 */
	Flux<ChatResponse> remaining() {
		List<Generation> generations = remainingGenerations();
		return generations.isEmpty() ? Flux.empty() : Flux.just(new ChatResponse(generations));
	}

	private ChatResponse restore(ChatResponse element, boolean last) {
		List<Generation> generations = new ArrayList<>(element.getResults().size());
		boolean same = true;
		for (Generation generation : element.getResults()) {
			Generation restored = restore(generation, last);
			same &= restored == generation;
			generations.add(restored);
		}
		if (last) {
			List<Generation> added = remainingGenerations();
			same &= added.isEmpty();
			generations.addAll(added);
		}
		ChatResponse restored = same ? element : new ChatResponse(generations, element.getMetadata());
		Map<String, Object> metadata = changedMetadata(element);
		return metadata.isEmpty() ? restored : ChatResponses.with(restored, metadata);
	}

	private Generation restore(Generation generation, boolean last) {
		AssistantMessage message = generation.getOutput();
		Integer index = (message.getMetadata().get(INDEX) instanceof Integer given) ? given : 0;
		String text = next(this.texts, index, message.getText(), last, this.json);
		List<AssistantMessage.ToolCall> calls = MessageTextMapper.mapToolCalls(message.getToolCalls(),
				(name, argument) -> StreamingRestorer.of(argument, this.placeholders));
		Map<String, Object> metadata = restoredMetadata(message, index, last);
		if (text.equals((message.getText() != null) ? message.getText() : "") && calls == message.getToolCalls()
				&& metadata.equals(message.getMetadata())) {
			return generation;
		}
		AssistantMessage restored = AssistantMessage.builder()
			.content((text.isEmpty() && message.getText() == null) ? null : text)
			.properties(metadata)
			.toolCalls(calls)
			.media(message.getMedia())
			.build();
		return new Generation(restored, generation.getMetadata());
	}

	private String next(Map<Integer, StreamingRestorer> restorers, Integer index, @Nullable String added, boolean last,
			boolean json) {
		if (added == null && !restorers.containsKey(index)) {
			return "";
		}
		StreamingRestorer text = restorers.computeIfAbsent(index,
				(unknown) -> new StreamingRestorer(this.placeholders, json));
		String restored = (added != null) ? text.next(added) : "";
		return last ? restored + text.remaining() : restored;
	}

	private Map<String, Object> restoredMetadata(AssistantMessage message, Integer index, boolean last) {
		Map<String, Object> metadata = new HashMap<>(message.getMetadata());
		metadata.replaceAll(
				(key, value) -> (value instanceof String text) ? StreamingRestorer.of(text, this.placeholders) : value);
		String delta = (message.getMetadata().get(REASONING_DELTA) instanceof String given) ? given : null;
		String restored = next(this.reasonings, index, delta, last, false);
		if (!restored.isEmpty()) {
			metadata.put(REASONING_DELTA, restored);
		}
		else {
			metadata.remove(REASONING_DELTA);
		}
		return metadata;
	}

	private List<Generation> remainingGenerations() {
		Map<Integer, Map<String, Object>> remainingReasoning = new HashMap<>();
		this.reasonings.forEach((index, reasoning) -> {
			String remaining = reasoning.remaining();
			if (!remaining.isEmpty()) {
				remainingReasoning.put(index, new HashMap<>(Map.of(REASONING_DELTA, remaining)));
			}
		});
		List<Generation> generations = new ArrayList<>(0);
		this.texts.forEach((index, text) -> {
			String remaining = text.remaining();
			Map<String, Object> properties = remainingReasoning.remove(index);
			if (!remaining.isEmpty() || properties != null) {
				generations.add(part(index, remaining, (properties != null) ? properties : new HashMap<>()));
			}
		});
		remainingReasoning.forEach((index, properties) -> generations.add(part(index, "", properties)));
		return generations;
	}

	private static Generation part(Integer index, String text, Map<String, Object> properties) {
		if (index > 0) {
			properties.put(INDEX, index);
		}
		return new Generation(AssistantMessage.builder().content(text).properties(properties).build(),
				ChatGenerationMetadata.NULL);
	}

	private Map<String, Object> changedMetadata(ChatResponse element) {
		Map<String, Object> changed = new HashMap<>(0);
		element.getMetadata().entrySet().forEach((entry) -> {
			Object restored = restored(entry.getValue());
			if (restored != null && !restored.equals(entry.getValue())) {
				changed.put(entry.getKey(), restored);
			}
		});
		return changed;
	}

	private @Nullable Object restored(@Nullable Object value) {
		if (value instanceof String text) {
			return StreamingRestorer.of(text, this.placeholders);
		}
		if (value instanceof Citation citation) {
			return restored(citation);
		}
		if (value instanceof ToolUse use) {
			return new ToolUse(use.type(), use.name(), text(use.query()), text(use.url()), text(use.code()),
					use.status());
		}
		if (value instanceof List<?> list && !list.isEmpty()
				&& (list.get(0) instanceof Citation || list.get(0) instanceof ToolUse)) {
			return list.stream().map(this::restored).toList();
		}
		return value;
	}

	// Positions of citations move with the text around them
	private Citation restored(Citation citation) {
		StreamingRestorer text = this.texts.get(0);
		int start = citation.start();
		int end = citation.end();
		if (citation.isMarked() && text != null) {
			start = text.position(start);
			end = text.position(end);
		}
		return new Citation(StreamingRestorer.of(citation.url(), this.placeholders), text(citation.title()), start, end,
				citation.kind());
	}

	private @Nullable String text(@Nullable String text) {
		return (text != null) ? StreamingRestorer.of(text, this.placeholders) : null;
	}

	@Override
	public String toString() {
		return "PlaceholderRestorer[" + this.placeholders + "]";
	}

}
