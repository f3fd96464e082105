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
 * Puts values back into one answer, whole or element by element: into its text, its
 * reasoning, the arguments of its tool calls, and what its metadata says in words. Not
 * safe for use by several threads.
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

	/**
	 * Restore a whole answer.
	 */
	ChatResponse whole(ChatResponse answer) {
		return restore(answer, true);
	}

	/**
	 * Restore the next element of a stream.
	 */
	ChatResponse next(ChatResponse element) {
		return restore(element, ChatResponses.isLast(element));
	}

	/**
	 * What is still held back when a stream has ended, in whatever way.
	 */
	Flux<ChatResponse> rest() {
		List<Generation> generations = leftOver();
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
			List<Generation> more = leftOver();
			same &= more.isEmpty();
			generations.addAll(more);
		}
		ChatResponse restored = same ? element : new ChatResponse(generations, element.getMetadata());
		Map<String, Object> metadata = changedMetadata(element);
		return metadata.isEmpty() ? restored : ChatResponses.with(restored, metadata);
	}

	private Generation restore(Generation generation, boolean last) {
		AssistantMessage message = generation.getOutput();
		Integer index = (message.getMetadata().get(INDEX) instanceof Integer given) ? given : 0;
		String text = next(this.texts, index, message.getText(), last, this.json);
		List<AssistantMessage.ToolCall> calls = MessageTextMapper.changeCalls(message.getToolCalls(),
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

	private String next(Map<Integer, StreamingRestorer> growing, Integer index, @Nullable String more, boolean last,
			boolean json) {
		if (more == null && !growing.containsKey(index)) {
			return "";
		}
		StreamingRestorer text = growing.computeIfAbsent(index,
				(unknown) -> new StreamingRestorer(this.placeholders, json));
		String restored = (more != null) ? text.next(more) : "";
		return last ? restored + text.rest() : restored;
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

	private List<Generation> leftOver() {
		Map<Integer, Map<String, Object>> thoughts = new HashMap<>();
		this.reasonings.forEach((index, reasoning) -> {
			String rest = reasoning.rest();
			if (!rest.isEmpty()) {
				thoughts.put(index, new HashMap<>(Map.of(REASONING_DELTA, rest)));
			}
		});
		List<Generation> generations = new ArrayList<>(0);
		this.texts.forEach((index, text) -> {
			String rest = text.rest();
			Map<String, Object> properties = thoughts.remove(index);
			if (!rest.isEmpty() || properties != null) {
				generations.add(part(index, rest, (properties != null) ? properties : new HashMap<>()));
			}
		});
		thoughts.forEach((index, properties) -> generations.add(part(index, "", properties)));
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

	// Marks move with the text around them
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
		return "Restoration[" + this.placeholders + "]";
	}

}
