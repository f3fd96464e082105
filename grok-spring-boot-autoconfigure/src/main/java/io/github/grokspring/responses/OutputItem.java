package io.github.grokspring.responses;

import java.util.Map;

import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.tool.ToolUse;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.TextAccumulator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * One item of an answer as it grows. Items are told apart by their position, because two
 * of them may have one id; only events without a position are told apart by the id. Not
 * safe for use by several threads.
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
	 * Its id, which two items may share.
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
	 * Whether an item without a position may be this one.
	 */
	boolean matches(Map<String, @Nullable Object> item) {
		return isCompatible(item) && isBlankOrEqual(this.id, text(item, "id"));
	}

	/**
	 * Whether an item may be this one, unless its id tells otherwise.
	 */
	boolean isCompatible(Map<String, @Nullable Object> item) {
		return isBlankOrEqual(this.type, text(item, "type")) && isBlankOrEqual(this.callId, text(item, "call_id"));
	}

	/**
	 * Whether an item has the id, or the id of the call, of this one.
	 */
	boolean hasSameId(Map<String, @Nullable Object> item) {
		return (!this.id.isEmpty() && this.id.equals(item.get("id")))
				|| (!this.callId.isEmpty() && this.callId.equals(item.get("call_id")));
	}

	/**
	 * Whether an item at the position of this one is another one. The id of an item that
	 * is not complete may change.
	 */
	boolean isReplacedBy(Map<String, @Nullable Object> item) {
		return !isCompatible(item) || (this.done && !hasSameId(item) && !matches(item));
	}

	private static boolean isBlankOrEqual(String known, String other) {
		return known.isEmpty() || other.isEmpty() || known.equals(other);
	}

	/**
	 * Whether nothing was told of it, because its position was left out.
	 */
	boolean isPlaceholder() {
		return this.type.isEmpty() && this.id.isEmpty() && this.text.isEmpty() && this.reasoning.isEmpty()
				&& !hasRefusal() && this.streamedArguments.isEmpty();
	}

	/**
	 * Whether it is what the model writes, and nothing that it does. What was not
	 * announced is taken for text.
	 */
	boolean isWriting() {
		return this.type.isEmpty() || "message".equals(this.type) || "function_call".equals(this.type);
	}

	/**
	 * Take in what is known of the item without its content.
	 * @param item the item as it was announced
	 * @return whether that is news of a server-side tool
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
	 * The item is complete.
	 * @param item the item
	 * @param json its bytes as text, or {@code null} if they are not needed
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
	 * Whether it is a run of a server-side tool that has finished since this was last
	 * asked.
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
	 * Whether it is complete, and nothing is missing that the end of the response may
	 * tell.
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
	 * Set how far a server-side tool is.
	 * @param status the status
	 * @return whether that is news
	 */
	boolean updateStatus(String status) {
		ToolUse use = this.toolUse;
		if (use == null || status.equals(use.status())) {
			return false;
		}
		this.toolUse = new ToolUse(use.type(), use.name(), use.query(), use.url(), use.code(), status);
		return true;
	}

	/**
	 * Where its text lies.
	 */
	TextParts text() {
		return this.text;
	}

	/**
	 * Where its reasoning lies.
	 */
	TextParts reasoning() {
		return this.reasoning;
	}

	private boolean hasRefusal() {
		return this.refusal != null && !this.refusal.isEmpty();
	}

	/**
	 * Where its refusal lies.
	 */
	TextParts refusal() {
		this.refusal = (this.refusal != null) ? this.refusal : new TextParts();
		return this.refusal;
	}

	/**
	 * Reasoning may come twice, as a summary and as a text. What comes first is taken.
	 * @param channel where a piece came from
	 * @return whether to take it
	 */
	boolean acceptsReasoning(Channel channel) {
		if (this.reasoningChannel == Channel.NONE) {
			this.reasoningChannel = channel;
		}
		return this.reasoningChannel == channel;
	}

	/**
	 * An annotation at some position came.
	 * @param position its position among those of the item
	 * @return whether it is a new one
	 */
	boolean markAnnotation(int position) {
		if (position < this.annotations) {
			return false;
		}
		this.annotations = position + 1;
		return true;
	}

	/**
	 * How much was kept of the arguments as they came, in bytes.
	 */
	long sizeInBytes() {
		return this.streamedArguments.sizeInBytes();
	}

	/**
	 * A piece of the arguments of a tool call came.
	 */
	void appendArguments(String piece) {
		this.streamedArguments.append(piece);
	}

	/**
	 * The arguments of a tool call came as a whole.
	 */
	void setArguments(String whole) {
		this.arguments = firstNonBlank(whole, this.arguments);
	}

	/**
	 * The arguments of a tool call came with the name of the tool.
	 */
	void setFunction(String name, String id) {
		this.type = firstNonBlank(this.type, "function_call");
		this.name = firstNonBlank(this.name, name);
		this.id = firstNonBlank(this.id, id);
	}

	boolean isToolCall() {
		return "function_call".equals(this.type) && !this.name.isBlank();
	}

	/**
	 * Whether it says of itself that it is not complete.
	 */
	boolean isTruncated() {
		return "incomplete".equals(this.status);
	}

	AssistantMessage.@Nullable ToolCall toolCall() {
		return isToolCall() ? new AssistantMessage.ToolCall(this.callId.isEmpty() ? this.id : this.callId, "function",
				this.name, arguments()) : null;
	}

	// Of what came in pieces and what came as a whole either may be missing
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
	 * What goes back to xAI in its place.
	 * @return an entry of {@link ReasoningItems}, or {@code null} for nothing
	 */
	@Nullable String replayEntry() {
		return switch (this.type) {
			case "message" -> ReasoningItems.TEXT;
			case "function_call" -> ReasoningItems.CALL;
			default -> this.replayableJson;
		};
	}

	/**
	 * The item itself, if nothing else stands for it.
	 * @return its fields, or {@code null}
	 */
	@Nullable Map<String, @Nullable Object> unknownFields() {
		return this.unknownFields;
	}

	private static String text(Map<String, @Nullable Object> item, String name) {
		return (item.get(name) instanceof String text) ? text : "";
	}

	/**
	 * Where reasoning comes from.
	 */
	enum Channel {

		/**
		 * None came yet.
		 */
		NONE,

		/**
		 * The summary.
		 */
		SUMMARY,

		/**
		 * The text.
		 */
		TEXT

	}

}
