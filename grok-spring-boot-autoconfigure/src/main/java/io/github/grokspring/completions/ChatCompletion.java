package io.github.grokspring.completions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

import io.github.grokspring.connection.ApiHeaders;
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
 * What is known of one answer so far. A whole answer is read into it at once, a stream
 * chunk by chunk; what a chunk leaves out keeps its value. Not safe for use by several
 * threads.
 */
final class ChatCompletion implements DecodedResponse {

	private final ResponseMetadataBuilder metadata;

	private final List<Choice> choices = new ArrayList<>(1);

	private Map<String, Citation> sources = Map.of();

	private boolean failed;

	private byte @Nullable [] error;

	ChatCompletion(@Nullable String requestedModel, ApiHeaders headers) {
		this.metadata = new ResponseMetadataBuilder("chat-completions", requestedModel, headers);
	}

	ResponseMetadataBuilder metadata() {
		return this.metadata;
	}

	void usage(Map<String, @Nullable Object> usage) {
		this.metadata.usage(ChatUsage.from(usage));
	}

	/**
	 * The answer is, or ends with, an error.
	 */
	void fail() {
		this.failed = true;
	}

	/**
	 * The answer is, or ends with, an error that a choice tells of.
	 * @param error a body with the error at its top level
	 */
	void fail(byte[] error) {
		this.failed = true;
		this.error = error;
	}

	/**
	 * Sources that came beside the text.
	 * @param sources a list of addresses, or of objects with an address
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
	 * The choice with an index, which need not begin at 0.
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
	 * Whether every choice has said why it ended.
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
	 * Builds of 2025 left the finish reason out where the answer was a tool call.
	 */
	boolean endsInToolCalls() {
		return isRecognized()
				&& this.choices.stream().allMatch((choice) -> choice.finishReason != null || choice.hasToolCalls());
	}

	/**
	 * How much is kept of text, reasoning and tool calls, in bytes.
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
	 * The text and reasoning that came since the last part, if any did.
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
	 * What a stream ends with: half a character, if the text broke off in one, and all
	 * that is not text.
	 */
	List<ChatResponse> rest() {
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
	 * Which answer it is. Unlike all else, this may be asked on another thread while the
	 * answer is still growing.
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
	 * One of the answers to a prompt; there is rarely more than one.
	 */
	static final class Choice {

		/** About what a value of JSON takes beside its characters. */
		private static final int VALUE_SIZE = 48;

		private final int index;

		private final TextAccumulator text = new TextAccumulator();

		private final TextAccumulator reasoning = new TextAccumulator();

		private @Nullable ToolCallAssembler toolCalls;

		private @Nullable TextAccumulator refusal;

		private Set<Object> annotations = Set.of();

		private long otherSize;

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
		 * Servers that know two names of the field write the same reasoning under both,
		 * so the first name with a text counts.
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
			this.otherSize += sizeOf(annotations);
		}

		void finishReason(String finishReason) {
			// Some gateways write an empty one until there is one.
			this.finishReason = finishReason.isEmpty() ? this.finishReason : finishReason;
		}

		/**
		 * A field that is not known here. Lists come in pieces, also those within an
		 * object, such as log probabilities.
		 */
		void unknown(String name, Object value) {
			this.unknown = this.unknown.isEmpty() ? new LinkedHashMap<>() : this.unknown;
			this.unknown.merge(name, value, Choice::merged);
			if (!(value instanceof String)) {
				this.otherSize += sizeOf(value);
			}
		}

		// Lists and objects are those that the parser made, and may be changed.
		@SuppressWarnings("unchecked")
		private static Object merged(Object before, Object more) {
			if (before instanceof List<?> list && more instanceof List<?> added) {
				((List<Object>) list).addAll(added);
				return list;
			}
			if (before instanceof Map<?, ?> map && more instanceof Map<?, ?> added) {
				added.forEach((key, value) -> {
					if (value != null) {
						((Map<Object, Object>) map).merge(key, value, Choice::merged);
					}
				});
				return map;
			}
			return more;
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
			long size = this.text.sizeInBytes() + this.reasoning.sizeInBytes() + this.otherSize;
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
				.properties(properties(indexed))
				.toolCalls((this.toolCalls != null) ? this.toolCalls.toolCalls() : List.of())
				.build();
			return new Generation(message, ChatGenerationMetadata.builder().finishReason(reasonOfEnd()).build());
		}

		// The message makes a copy.
		private Map<String, Object> properties(boolean indexed) {
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

		private @Nullable String reasonOfEnd() {
			if (hasRefusal() && !TruncatedToolCalls.isIncomplete(this.finishReason)) {
				return "CONTENT_FILTER";
			}
			String reason = (this.finishReason == null && hasToolCalls()) ? "tool_calls" : this.finishReason;
			return (reason != null) ? reason.toUpperCase(Locale.ROOT) : null;
		}

	}

}
