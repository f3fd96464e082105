package io.github.grokspring.completions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.wire.Answer;
import io.github.grokspring.wire.AnswerMetadata;
import io.github.grokspring.wire.GrowingText;
import io.github.grokspring.wire.TruncatedToolCalls;
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
final class ChatAnswer implements Answer {

	private final AnswerMetadata metadata;

	private final List<Choice> choices = new ArrayList<>(1);

	private boolean failed;

	ChatAnswer(@Nullable String requestedModel, ApiHeaders headers) {
		this.metadata = new AnswerMetadata("chat-completions", requestedModel, headers);
	}

	AnswerMetadata metadata() {
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

	@Override
	public boolean hasFailed() {
		return this.failed;
	}

	@Override
	public boolean isAnswer() {
		return !this.choices.isEmpty();
	}

	Choice choice(int index) {
		while (this.choices.size() <= index) {
			this.choices.add(new Choice(this.choices.size()));
		}
		return this.choices.get(index);
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
		return isAnswer();
	}

	/**
	 * Builds of 2025 left the finish reason out where the answer was a tool call.
	 */
	boolean endsInToolCalls() {
		return isAnswer()
				&& this.choices.stream().allMatch((choice) -> choice.finishReason != null || choice.hasToolCalls());
	}

	/**
	 * How much is kept of text, reasoning and tool calls, in bytes.
	 */
	long size() {
		long size = 0;
		for (Choice choice : this.choices) {
			size += choice.size();
		}
		return size;
	}

	boolean hasBegun() {
		for (Choice choice : this.choices) {
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
		for (Choice choice : this.choices) {
			if (choice.hasPart()) {
				generations = (generations != null) ? generations : new ArrayList<>(1);
				generations.add(choice.part(this.choices.size() > 1));
			}
		}
		return (generations != null) ? List.of(new ChatResponse(generations, this.metadata.ofPart())) : List.of();
	}

	/**
	 * All that is not text: the last element of a stream.
	 */
	ChatResponse rest() {
		return whole(true);
	}

	@Override
	public ChatResponse whole() {
		return whole(false);
	}

	/**
	 * Which answer it is. Unlike all else, this may be asked on another thread while the
	 * answer is still growing.
	 */
	ChatResponse identity() {
		return this.metadata.ofIdentity();
	}

	private ChatResponse whole(boolean withoutText) {
		boolean indexed = this.choices.size() > 1;
		List<Generation> generations = new ArrayList<>(this.choices.size());
		for (Choice choice : this.choices) {
			generations.add(choice.whole(withoutText, indexed));
		}
		GrowingText reasoning = isAnswer() ? this.choices.get(0).reasoning : null;
		return TruncatedToolCalls.remove(new ChatResponse(generations, this.metadata.ofWhole(
				(reasoning != null && !reasoning.isEmpty()) ? Map.of("reasoning", reasoning.toString()) : Map.of())));
	}

	/**
	 * One of the answers to a prompt; there is rarely more than one.
	 */
	static final class Choice {

		private final int index;

		private final GrowingText text = new GrowingText();

		private final GrowingText reasoning = new GrowingText();

		private final List<ToolCallParts> toolCalls = new ArrayList<>(0);

		private final Map<String, Object> unknown = new LinkedHashMap<>(0);

		private @Nullable String finishReason;

		private boolean begun;

		Choice(int index) {
			this.index = index;
		}

		void text(String text) {
			this.text.append(text);
			this.begun |= !text.isEmpty();
		}

		void reasoning(String reasoning) {
			this.reasoning.append(reasoning);
		}

		void finishReason(String finishReason) {
			// Some gateways write an empty one until there is one.
			this.finishReason = finishReason.isEmpty() ? this.finishReason : finishReason;
		}

		void unknown(String name, Object value) {
			this.unknown.put(name, value);
		}

		ToolCallParts toolCall(int position) {
			while (this.toolCalls.size() <= position) {
				this.toolCalls.add(new ToolCallParts());
			}
			return this.toolCalls.get(position);
		}

		int toolCallCount() {
			return this.toolCalls.size();
		}

		private long size() {
			long size = this.text.size() + this.reasoning.size();
			for (ToolCallParts call : this.toolCalls) {
				size += call.id.length() + call.name.length() + call.arguments.size();
			}
			return size;
		}

		private boolean hasToolCalls() {
			return !this.toolCalls.isEmpty();
		}

		private boolean hasPart() {
			return this.text.hasMore() || this.reasoning.hasMore();
		}

		private Generation part(boolean indexed) {
			AssistantMessage message;
			String newText = this.text.take();
			boolean hasReasoning = this.reasoning.hasMore();
			if (hasReasoning || indexed) {
				Map<String, Object> properties = new LinkedHashMap<>();
				if (hasReasoning) {
					properties.put("reasoning-delta", this.reasoning.take());
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
			Map<String, Object> properties = new LinkedHashMap<>(this.unknown);
			if (!this.reasoning.isEmpty()) {
				properties.put("reasoning", this.reasoning.toString());
			}
			if (indexed) {
				properties.put("index", this.index);
			}
			List<AssistantMessage.ToolCall> calls = new ArrayList<>(this.toolCalls.size());
			for (ToolCallParts call : this.toolCalls) {
				calls.add(call.toolCall());
			}
			AssistantMessage message = AssistantMessage.builder()
				.content(withoutText ? "" : this.text.toString())
				.properties(properties)
				.toolCalls(calls)
				.build();
			String reason = (this.finishReason == null && hasToolCalls()) ? "tool_calls" : this.finishReason;
			return new Generation(message,
					ChatGenerationMetadata.builder()
						.finishReason((reason != null) ? reason.toUpperCase(Locale.ROOT) : null)
						.build());
		}

	}

	/**
	 * A tool call as it grows. xAI sends it whole, other servers of this API in pieces.
	 */
	static final class ToolCallParts {

		private String id = "";

		private String name = "";

		private final GrowingText arguments = new GrowingText();

		void id(String id) {
			this.id = id;
		}

		void name(String name) {
			this.name = this.name.isEmpty() ? name : this.name + name;
		}

		void arguments(String arguments) {
			this.arguments.append(arguments);
		}

		private AssistantMessage.ToolCall toolCall() {
			return new AssistantMessage.ToolCall(this.id, "function", this.name,
					this.arguments.isEmpty() ? "{}" : this.arguments.toString());
		}

	}

}
