package io.github.grokspring.completions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.wire.DecodedResponse;
import io.github.grokspring.wire.ResponseMetadataBuilder;
import io.github.grokspring.wire.TextAccumulator;
import io.github.grokspring.wire.ToolCallAssembler;
import io.github.grokspring.wire.TruncatedToolCalls;
import io.github.grokspring.wire.UrlCitations;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * Accumulates a response, either at once or chunk by chunk. A chunk changes only the
 * values that it contains. Not thread-safe.
 */
final class ChatCompletion implements DecodedResponse {

	private final ResponseMetadataBuilder metadata;

	private final List<Choice> choices = new ArrayList<>(1);

	private Map<String, Citation> sources = Map.of();

	private boolean failed;

	private byte @Nullable [] error;

	ChatCompletion(@Nullable String requestedModel, ResponseHeaders headers) {
		this.metadata = new ResponseMetadataBuilder("chat-completions", requestedModel, headers);
	}

	ResponseMetadataBuilder metadata() {
		return this.metadata;
	}

	void usage(Map<String, @Nullable Object> usage) {
		this.metadata.usage(ChatUsage.from(usage));
	}

	/**
	 * Marks the response as an error, or as ending with one.
	 */
	void fail() {
		this.failed = true;
	}

	/**
	 * Marks the response as ending with the error of a choice.
	 * @param error a body with the error at its top level
	 */
	void fail(byte[] error) {
		this.failed = true;
		this.error = error;
	}

	/**
	 * Adds sources from outside the text.
	 * @param sources a list of URLs, or of objects with a URL
	 */
	void sources(List<?> sources) {
		this.sources = this.sources.isEmpty() ? new LinkedHashMap<>() : this.sources;
		UrlCitations.addSources(sources, this.sources);
	}

	@Override
	public boolean hasFailed() {
		return this.failed;
	}

	@Override
	public byte @Nullable [] error() {
		return this.error;
	}

	@Override
	public boolean isRecognized() {
		return !this.choices.isEmpty();
	}

	/**
	 * Returns the choice with an index, which need not start at 0.
	 */
	Choice choice(int index) {
		int position = this.choices.size();
		while (position > 0 && this.choices.get(position - 1).index >= index) {
			position--;
		}
		if (position == this.choices.size() || this.choices.get(position).index != index) {
			this.choices.add(position, new Choice(index));
		}
		return this.choices.get(position);
	}

	/**
	 * Whether all choices have a finish reason.
	 */
	boolean isFinished() {
		for (Choice choice : this.choices) {
			if (choice.finishReason == null) {
				return false;
			}
		}
		return isRecognized();
	}

	/**
	 * Whether the response is complete apart from a finish reason, which xAI omitted
	 * after tool calls in 2025.
	 */
	boolean endsInToolCalls() {
		return isRecognized()
				&& this.choices.stream().allMatch((choice) -> choice.finishReason != null || choice.hasToolCalls());
	}

	/**
	 * Returns the size of the accumulated text, reasoning and tool calls in bytes.
	 */
	long size() {
		long size = 0;
		for (int i = 0; i < this.choices.size(); i++) {
			size += this.choices.get(i).size();
		}
		return size;
	}

	boolean hasBegun() {
		for (int i = 0; i < this.choices.size(); i++) {
			Choice choice = this.choices.get(i);
			if (choice.begun || choice.hasToolCalls()) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns the text and reasoning since the last part, if any.
	 */
	List<ChatResponse> nextPart() {
		List<Generation> generations = null;
		for (int i = 0; i < this.choices.size(); i++) {
			Choice choice = this.choices.get(i);
			if (choice.hasPart()) {
				generations = (generations != null) ? generations : new ArrayList<>(1);
				generations.add(choice.part(choice.text.drain(), this.choices.size() > 1));
			}
		}
		return (generations != null) ? List.of(new ChatResponse(generations, this.metadata.buildPartial())) : List.of();
	}

	/**
	 * Returns the last elements of a stream: half a surrogate pair if the text ends in
	 * one, and everything other than text.
	 */
	List<ChatResponse> remaining() {
		List<ChatResponse> rest = new ArrayList<>(nextPart());
		for (Choice choice : this.choices) {
			String half = choice.text.drainAll();
			if (!half.isEmpty()) {
				rest.add(new ChatResponse(List.of(choice.part(half, this.choices.size() > 1)),
						this.metadata.buildPartial()));
			}
		}
		rest.add(whole(true));
		return rest;
	}

	@Override
	public ChatResponse toChatResponse() {
		return whole(false);
	}

	/**
	 * Returns id and model. Other than the rest of this class, may be called by another
	 * thread while chunks are read.
	 */
	ChatResponse identity() {
		return this.metadata.toIdentity();
	}

	private ChatResponse whole(boolean withoutText) {
		boolean indexed = this.choices.size() > 1;
		List<Generation> generations = new ArrayList<>(this.choices.size());
		for (Choice choice : this.choices) {
			generations.add(choice.whole(withoutText, indexed));
		}
		return TruncatedToolCalls.remove(new ChatResponse(generations, this.metadata.build(entries())));
	}

	private Map<String, Object> entries() {
		String reasoning = isRecognized() ? this.choices.get(0).reasoning.toString() : "";
		List<Citation> citations = citations();
		if (reasoning.isEmpty() && citations.isEmpty()) {
			return Map.of();
		}
		Map<String, Object> entries = new LinkedHashMap<>(2);
		if (!reasoning.isEmpty()) {
			entries.put("reasoning", reasoning);
		}
		if (!citations.isEmpty()) {
			entries.put(Citation.METADATA_KEY, citations);
		}
		return entries;
	}

	private List<Citation> citations() {
		List<Citation> citations = new ArrayList<>(0);
		for (Choice choice : this.choices) {
			choice.readCitations(citations);
		}
		return UrlCitations.merge(citations, this.sources);
	}

	/**
	 * Choice of a response, which rarely has more than one.
	 */
	static final class Choice {

		/** Approximate size of a JSON value in addition to its characters. */
		private static final int VALUE_SIZE = 48;

		private final int index;

		private final TextAccumulator text = new TextAccumulator();

		private final TextAccumulator reasoning = new TextAccumulator();

		private @Nullable ToolCallAssembler toolCalls;

		private @Nullable TextAccumulator refusal;

		private Set<Object> annotations = Set.of();

		private long otherBytes;

		private Map<String, Object> unknown = Map.of();

		private @Nullable String finishReason;

		private @Nullable String reasoningField;

		private boolean begun;

		Choice(int index) {
			this.index = index;
		}

		void text(String text) {
			this.text.append(text);
			this.begun |= !text.isEmpty();
		}

		/**
		 * Appends reasoning. Some servers write the same reasoning to two fields, so the
		 * first one with a text is used.
		 */
		void reasoning(String field, String reasoning) {
			if (reasoning.isEmpty()) {
				return;
			}
			if (this.reasoningField == null) {
				this.reasoningField = field;
			}
			if (this.reasoningField.equals(field)) {
				this.reasoning.append(reasoning);
			}
		}

		void refusal(String refusal) {
			this.refusal = (this.refusal != null) ? this.refusal : new TextAccumulator();
			this.refusal.append(refusal);
		}

		void annotations(List<?> annotations) {
			this.annotations = this.annotations.isEmpty() ? new LinkedHashSet<>() : this.annotations;
			this.annotations.addAll(annotations);
			this.otherBytes += sizeOf(annotations);
		}

		void finishReason(String finishReason) {
			// Some gateways send an empty one until the end.
			this.finishReason = finishReason.isEmpty() ? this.finishReason : finishReason;
		}

		/**
		 * Adds an unknown field. Lists arrive in parts, even within objects, such as log
		 * probabilities.
		 */
		void unknown(String name, Object value) {
			this.unknown = this.unknown.isEmpty() ? new LinkedHashMap<>() : this.unknown;
			this.unknown.merge(name, value, Choice::merge);
			if (!(value instanceof String)) {
				this.otherBytes += sizeOf(value);
			}
		}

		// The parser created these lists and maps, so they can be modified.
		@SuppressWarnings("unchecked")
		private static Object merge(Object first, Object second) {
			if (first instanceof List<?> list && second instanceof List<?> added) {
				((List<Object>) list).addAll(added);
				return list;
			}
			if (first instanceof Map<?, ?> map && second instanceof Map<?, ?> added) {
				added.forEach((key, value) -> {
					if (value != null) {
						((Map<Object, Object>) map).merge(key, value, Choice::merge);
					}
				});
				return map;
			}
			return second;
		}

		private static long sizeOf(@Nullable Object value) {
			long size = VALUE_SIZE;
			if (value instanceof List<?> list) {
				for (Object element : list) {
					size += sizeOf(element);
				}
			}
			else if (value instanceof Map<?, ?> map) {
				for (Object element : map.values()) {
					size += sizeOf(element);
				}
			}
			return (value instanceof String text) ? size + text.length() : size;
		}

		ToolCallAssembler toolCalls() {
			this.toolCalls = (this.toolCalls != null) ? this.toolCalls : new ToolCallAssembler();
			return this.toolCalls;
		}

		private long size() {
			long size = this.text.sizeInBytes() + this.reasoning.sizeInBytes() + this.otherBytes;
			size += (this.refusal != null) ? this.refusal.sizeInBytes() : 0;
			return (this.toolCalls != null) ? size + this.toolCalls.sizeInBytes() : size;
		}

		private boolean hasToolCalls() {
			return this.toolCalls != null && this.toolCalls.hasToolCalls();
		}

		private boolean hasRefusal() {
			return this.refusal != null && !this.refusal.isEmpty();
		}

		private void readCitations(List<Citation> citations) {
			for (Object annotation : this.annotations) {
				if (annotation instanceof Map<?, ?> fields && "url_citation".equals(fields.get("type"))) {
					Citation citation = UrlCitations.read(fields, this.text.chars(), 0);
					if (citation != null) {
						citations.add(citation);
					}
				}
			}
		}

		private boolean hasPart() {
			return this.text.hasPending() || this.reasoning.hasPending();
		}

		private Generation part(String newText, boolean indexed) {
			AssistantMessage message;
			boolean hasReasoning = this.reasoning.hasPending();
			if (hasReasoning || indexed) {
				Map<String, Object> properties = new LinkedHashMap<>();
				if (hasReasoning) {
					properties.put("reasoning-delta", this.reasoning.drain());
				}
				if (indexed) {
					properties.put("index", this.index);
				}
				message = AssistantMessage.builder().content(newText).properties(properties).build();
			}
			else {
				message = new AssistantMessage(newText);
			}
			return new Generation(message, ChatGenerationMetadata.NULL);
		}

		private Generation whole(boolean withoutText, boolean indexed) {
			AssistantMessage message = AssistantMessage.builder()
				.content(withoutText ? "" : this.text.toString())
				.properties(messageProperties(indexed))
				.toolCalls((this.toolCalls != null) ? this.toolCalls.toolCalls() : List.of())
				.build();
			return new Generation(message,
					ChatGenerationMetadata.builder().finishReason(effectiveFinishReason()).build());
		}

		private Map<String, Object> messageProperties(boolean indexed) {
			if (this.reasoning.isEmpty() && this.refusal == null && this.annotations.isEmpty() && !indexed) {
				return this.unknown;
			}
			Map<String, Object> properties = new LinkedHashMap<>(this.unknown);
			if (!this.reasoning.isEmpty()) {
				properties.put("reasoning", this.reasoning.toString());
			}
			if (this.refusal != null && !this.refusal.isEmpty()) {
				properties.put("refusal", this.refusal.toString());
			}
			if (!this.annotations.isEmpty()) {
				properties.put("annotations", List.copyOf(this.annotations));
			}
			if (indexed) {
				properties.put("index", this.index);
			}
			return properties;
		}

		private @Nullable String effectiveFinishReason() {
			if (hasRefusal() && !TruncatedToolCalls.isIncomplete(this.finishReason)) {
				return "CONTENT_FILTER";
			}
			String reason = (this.finishReason == null && hasToolCalls()) ? "tool_calls" : this.finishReason;
			return (reason != null) ? reason.toUpperCase(Locale.ROOT) : null;
		}

	}

}
