package io.github.grokspring.responses;

import java.util.Map;

import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TextAccumulator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * Output item of a response, built up from events or from the whole response.
 * <p>
 * Not thread-safe.
 */
final class OutputItem {

	private final TextParts text = new TextParts();

	private final TextParts reasoning = new TextParts();

	private @Nullable TextParts refusal;

	private final TextAccumulator streamedArguments = new TextAccumulator();

	private String id = "";

	private String type = "";

	private @Nullable Map<String, @Nullable Object> unknownFields;

	private String callId = "";

	private String name = "";

	private String arguments = "";

	private String status = "";

	private @Nullable ToolUse toolUse;

	private boolean toolFinished;

	private @Nullable String replayableJson;

	private Channel reasoningChannel = Channel.NONE;

	private boolean done;

	private int annotations;

	/**
	 * Returns the id. It is not unique: two items of a response may share it.
	 */
	String id() {
		return this.id;
	}

	void id(String id) {
		this.id = id;
	}

	String type() {
		return this.type;
	}

	/**
	 * Whether an item without a position can be this one.
	 */
	boolean matches(Map<String, @Nullable Object> item) {
		return isCompatible(item) && isBlankOrEqual(this.id, text(item, "id"));
	}

	/**
	 * Whether the type and call id of an item match, ignoring its id.
	 */
	boolean isCompatible(Map<String, @Nullable Object> item) {
		return isBlankOrEqual(this.type, text(item, "type")) && isBlankOrEqual(this.callId, text(item, "call_id"));
	}

	boolean hasSameId(Map<String, @Nullable Object> item) {
		return (!this.id.isEmpty() && this.id.equals(item.get("id")))
				|| (!this.callId.isEmpty() && this.callId.equals(item.get("call_id")));
	}

	/**
	 * Whether an item at the same position is a different one. The id of an incomplete
	 * item may change.
	 */
	boolean isReplacedBy(Map<String, @Nullable Object> item) {
		return !isCompatible(item) || (this.done && !hasSameId(item) && !matches(item));
	}

	private static boolean isBlankOrEqual(String known, String other) {
		return known.isEmpty() || other.isEmpty() || known.equals(other);
	}

	/**
	 * Whether this item only fills a gap between positions.
	 */
	boolean isPlaceholder() {
		return this.type.isEmpty() && this.id.isEmpty() && this.text.isEmpty() && this.reasoning.isEmpty()
				&& !hasRefusal() && this.streamedArguments.isEmpty();
	}

	/**
	 * Whether the model is writing to the caller. An item that was not announced counts
	 * as text.
	 */
	boolean isWriting() {
		return this.type.isEmpty() || "message".equals(this.type) || "function_call".equals(this.type);
	}

	/**
	 * Updates everything but the content.
	 * @return whether the use of a server-side tool changed
	 */
	boolean update(Map<String, @Nullable Object> item) {
		this.id = firstNonBlank(text(item, "id"), this.id);
		this.type = firstNonBlank(text(item, "type"), this.type);
		this.status = firstNonBlank(text(item, "status"), this.status);
		if ("function_call".equals(this.type)) {
			this.callId = firstNonBlank(text(item, "call_id"), this.callId);
			this.name = firstNonBlank(text(item, "name"), this.name);
			this.arguments = firstNonBlank(JsonValues.toArgumentsText(item.get("arguments")), this.arguments);
		}
		ToolUse use = ToolUseReader.read(item);
		boolean changed = use != null && !use.equals(this.toolUse);
		this.toolUse = use;
		return changed;
	}

	private static String firstNonBlank(String candidate, String fallback) {
		return candidate.isBlank() ? fallback : candidate;
	}

	/**
	 * Marks this item as complete.
	 * @param item the item
	 * @param json the JSON of the item, or {@code null} if it is not sent back to xAI
	 */
	void complete(Map<String, @Nullable Object> item, @Nullable String json) {
		this.done = true;
		this.replayableJson = (this.replayableJson != null) ? this.replayableJson : json;
		boolean represented = isToolCall() || "message".equals(this.type) || "reasoning".equals(this.type)
				|| (this.toolUse != null && !"image_generation".equals(this.toolUse.type()));
		this.unknownFields = represented ? null : item;
		if (this.toolUse != null && this.toolUse.status() == null) {
			updateStatus(ToolUse.COMPLETED);
		}
	}

	/**
	 * Returns {@code true} once, after a server-side tool has completed.
	 */
	boolean pollToolCompletion() {
		boolean finishes = !this.toolFinished && this.toolUse != null && this.toolUse.isCompleted();
		this.toolFinished |= finishes;
		return finishes;
	}

	boolean isDone() {
		return this.done;
	}

	/**
	 * Whether the item is complete and the final response can add nothing to it.
	 */
	boolean isFullyReceived() {
		return this.done && switch (this.type) {
			case "message" -> !this.text.isEmpty() || hasRefusal();
			case "reasoning" -> this.replayableJson != null || !this.reasoning.isEmpty();
			case "function_call" -> isToolCall() && !"{}".equals(arguments());
			default -> true;
		};
	}

	/**
	 * Updates the status of a server-side tool.
	 * @return whether the status changed
	 */
	boolean updateStatus(String status) {
		ToolUse use = this.toolUse;
		if (use == null || status.equals(use.status())) {
			return false;
		}
		this.toolUse = new ToolUse(use.type(), use.name(), use.query(), use.url(), use.code(), status);
		return true;
	}

	TextParts text() {
		return this.text;
	}

	TextParts reasoning() {
		return this.reasoning;
	}

	private boolean hasRefusal() {
		return this.refusal != null && !this.refusal.isEmpty();
	}

	TextParts refusal() {
		this.refusal = (this.refusal != null) ? this.refusal : new TextParts();
		return this.refusal;
	}

	/**
	 * Whether to accept reasoning from a channel. The same reasoning may arrive as a
	 * summary and as text; the first channel wins.
	 */
	boolean acceptsReasoning(Channel channel) {
		if (this.reasoningChannel == Channel.NONE) {
			this.reasoningChannel = channel;
		}
		return this.reasoningChannel == channel;
	}

	/**
	 * Marks an annotation as seen.
	 * @return whether it is new
	 */
	boolean markAnnotation(int position) {
		if (position < this.annotations) {
			return false;
		}
		this.annotations = position + 1;
		return true;
	}

	/**
	 * Returns the size of the streamed arguments.
	 */
	long sizeInBytes() {
		return this.streamedArguments.sizeInBytes();
	}

	void appendArguments(String delta) {
		this.streamedArguments.append(delta);
	}

	void setArguments(String fullText) {
		this.arguments = firstNonBlank(fullText, this.arguments);
	}

	void setFunction(String name, String id) {
		this.type = firstNonBlank(this.type, "function_call");
		this.name = firstNonBlank(this.name, name);
		this.id = firstNonBlank(this.id, id);
	}

	boolean isToolCall() {
		return "function_call".equals(this.type) && !this.name.isBlank();
	}

	boolean isTruncated() {
		return "incomplete".equals(this.status);
	}

	AssistantMessage.@Nullable ToolCall toolCall() {
		return isToolCall() ? new AssistantMessage.ToolCall(this.callId.isEmpty() ? this.id : this.callId, "function",
				this.name, arguments()) : null;
	}

	// Streamed or complete arguments may be missing
	private String arguments() {
		String streamed = this.streamedArguments.toString();
		boolean hasArguments = !this.arguments.isBlank() && !"{}".equals(this.arguments.strip());
		if (hasArguments && !streamed.startsWith(this.arguments)) {
			return this.arguments;
		}
		return streamed.isBlank() ? "{}" : streamed;
	}

	@Nullable ToolUse toolUse() {
		return this.toolUse;
	}

	/**
	 * Returns the entry that represents this item in {@link ReasoningItems}, or
	 * {@code null} if there is none.
	 */
	@Nullable String replayEntry() {
		return switch (this.type) {
			case "message" -> ReasoningItems.TEXT;
			case "function_call" -> ReasoningItems.CALL;
			default -> this.replayableJson;
		};
	}

	/**
	 * Returns the fields of an item that has no other representation, or {@code null}.
	 */
	@Nullable Map<String, @Nullable Object> unknownFields() {
		return this.unknownFields;
	}

	private static String text(Map<String, @Nullable Object> item, String name) {
		return (item.get(name) instanceof String text) ? text : "";
	}

	enum Channel {

		NONE,

		SUMMARY,

		TEXT

	}

}
