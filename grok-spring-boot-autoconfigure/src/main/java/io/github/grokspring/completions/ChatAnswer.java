package io.github.grokspring.completions;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import io.github.grokspring.connection.ApiHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

/**
 * What is known of one answer so far. A whole answer is read into it at once, a stream
 * chunk by chunk; what a chunk leaves out keeps its value. Not safe for use by several
 * threads.
 */
final class ChatAnswer {

	private final @Nullable String requestedModel;

	private final ApiHeaders headers;

	private final List<Choice> choices = new ArrayList<>(1);

	private final Map<String, Object> unknown = new LinkedHashMap<>(4);

	private @Nullable String id;

	private @Nullable String model;

	private long created;

	private Usage usage = new EmptyUsage();

	private boolean failed;

	private @Nullable ChatResponseMetadata partMetadata;

	ChatAnswer(@Nullable String requestedModel, ApiHeaders headers) {
		this.requestedModel = requestedModel;
		this.headers = headers;
	}

	boolean hasId() {
		return this.id != null;
	}

	void id(String id) {
		this.id = id;
	}

	boolean hasModel() {
		return this.model != null;
	}

	void model(String model) {
		this.model = model;
	}

	boolean hasCreated() {
		return this.created != 0;
	}

	void created(long created) {
		this.created = created;
	}

	void usage(Map<String, @Nullable Object> usage) {
		this.usage = ChatUsage.from(usage);
		// Some servers count along; a stream that breaks off is billed by the last count.
		this.partMetadata = null;
	}

	void unknown(String name, Object value) {
		this.unknown.put(name, value);
	}

	boolean knows(String name) {
		return this.unknown.containsKey(name);
	}

	/**
	 * The answer is, or ends with, an error.
	 */
	void fail() {
		this.failed = true;
	}

	boolean hasFailed() {
		return this.failed;
	}

	boolean hasChoices() {
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
		return hasChoices();
	}

	/**
	 * Builds of 2025 left the finish reason out where the answer was a tool call.
	 */
	boolean endsInToolCalls() {
		return hasChoices()
				&& this.choices.stream().allMatch((choice) -> choice.finishReason != null || choice.hasToolCalls());
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
		return (generations != null) ? List.of(new ChatResponse(generations, partMetadata())) : List.of();
	}

	/**
	 * All that is not text: the last element of a stream.
	 */
	ChatResponse rest() {
		return whole(true);
	}

	ChatResponse whole() {
		return whole(false);
	}

	/**
	 * Which answer it is. Unlike all else, this may be asked on another thread while the
	 * answer is still growing.
	 */
	ChatResponse identity() {
		return new ChatResponse(List.of(), identity(ChatResponseMetadata.builder()).usage(this.usage).build());
	}

	private ChatResponse whole(boolean withoutText) {
		boolean indexed = this.choices.size() > 1;
		List<Generation> generations = new ArrayList<>(this.choices.size());
		for (Choice choice : this.choices) {
			generations.add(choice.whole(withoutText, indexed));
		}
		return new ChatResponse(generations, metadata());
	}

	private ChatResponseMetadata partMetadata() {
		ChatResponseMetadata metadata = this.partMetadata;
		if (metadata == null) {
			metadata = identity(ChatResponseMetadata.builder()).usage(this.usage).build();
			// Parts share it, as soon as it says all that a part can say.
			this.partMetadata = (hasId() && hasModel()) ? metadata : null;
		}
		return metadata;
	}

	private ChatResponseMetadata metadata() {
		ChatResponseMetadata.Builder metadata = identity(ChatResponseMetadata.builder()).metadata(this.unknown)
			.usage(this.usage)
			.keyValue("grok.requested-model", this.requestedModel)
			.keyValue("grok.attempts", 1)
			.keyValue("grok.request-id", this.headers.requestId())
			.keyValue("grok.server-timing", this.headers.serverTiming());
		if (hasCreated()) {
			metadata.keyValue("created", this.created);
		}
		if (hasChoices() && !this.choices.get(0).reasoning.isEmpty()) {
			metadata.keyValue("reasoning", this.choices.get(0).reasoning.toString());
		}
		ApiHeaders.RateLimits limits = this.headers.rateLimit();
		if (limits != null) {
			metadata.rateLimit(limits.toRateLimit());
		}
		return metadata.build();
	}

	private ChatResponseMetadata.Builder identity(ChatResponseMetadata.Builder metadata) {
		return metadata.id((this.id != null) ? this.id : "").model((this.model != null) ? this.model : "");
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
