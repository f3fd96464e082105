package io.github.grokspring.responses;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ReasoningItems;
import io.github.grokspring.tool.ToolUse;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;

/**
 * One item of an answer as it grows. Items are told apart by their position, because two
 * of them may have one id. Not safe for use by several threads.
 */
final class OutputItem {

	/** Where the parts of its text begin in the text of the answer. */
	private final List<Integer> partStarts = new ArrayList<>(1);

	private String type = "";

	private @Nullable Map<String, @Nullable Object> unknown;

	private AssistantMessage.@Nullable ToolCall toolCall;

	private @Nullable ToolUse toolUse;

	private @Nullable String kept;

	private Channel reasoningFrom = Channel.NONE;

	private boolean textCame;

	private boolean refusalCame;

	private boolean done;

	private int annotations;

	String type() {
		return this.type;
	}

	/**
	 * Whether it is what the model writes, and nothing that it does. What was not
	 * announced is taken for text.
	 */
	boolean isWritten() {
		return this.type.isEmpty() || "message".equals(this.type) || "function_call".equals(this.type);
	}

	/**
	 * Take in what is known of the item without its content.
	 * @param item the item as it was announced
	 * @return whether that is news of a server-side tool
	 */
	boolean describe(Map<String, @Nullable Object> item) {
		this.type = String.valueOf(item.get("type"));
		if ("function_call".equals(this.type)) {
			this.toolCall = new AssistantMessage.ToolCall(text(item, "call_id"), "function", text(item, "name"),
					text(item, "arguments").isBlank() ? "{}" : text(item, "arguments"));
		}
		ToolUse use = ServerToolUses.of(item);
		boolean news = use != null && !use.equals(this.toolUse);
		this.toolUse = use;
		return news;
	}

	/**
	 * The item is complete.
	 * @param item the item
	 * @param json its bytes as text, or {@code null} if they are not needed
	 */
	void complete(Map<String, @Nullable Object> item, @Nullable String json) {
		this.done = true;
		this.kept = json;
		boolean represented = this.toolCall != null || "message".equals(this.type) || "reasoning".equals(this.type)
				|| (this.toolUse != null && !"image_generation".equals(this.toolUse.type()));
		this.unknown = represented ? null : item;
	}

	boolean isDone() {
		return this.done;
	}

	/**
	 * Set how far a server-side tool is.
	 * @param status the status
	 * @return whether that is news
	 */
	boolean status(String status) {
		ToolUse use = this.toolUse;
		if (use == null || status.equals(use.status())) {
			return false;
		}
		this.toolUse = new ToolUse(use.type(), use.name(), use.query(), use.url(), use.code(), status);
		return true;
	}

	/**
	 * Where a part of its text begins.
	 * @param part position of the part
	 * @param here where it begins if it has not begun yet
	 * @return the position in the text of the answer
	 */
	int partStart(int part, int here) {
		while (this.partStarts.size() <= part) {
			this.partStarts.add(here);
		}
		return this.partStarts.get(part);
	}

	/**
	 * Text of it came by itself.
	 */
	void textCame() {
		this.textCame = true;
	}

	boolean hasText() {
		return this.textCame;
	}

	void refusalCame() {
		this.refusalCame = true;
	}

	boolean hasRefusal() {
		return this.refusalCame;
	}

	/**
	 * Reasoning may come twice, as a summary and as a text. What comes first is taken.
	 * @param channel where a piece came from
	 * @return whether to take it
	 */
	boolean takesReasoning(Channel channel) {
		if (this.reasoningFrom == Channel.NONE) {
			this.reasoningFrom = channel;
		}
		return this.reasoningFrom == channel;
	}

	boolean hasReasoning() {
		return this.reasoningFrom != Channel.NONE;
	}

	/**
	 * An annotation at some position came.
	 * @param position its position among those of the item
	 * @return whether it is a new one
	 */
	boolean annotation(int position) {
		if (position < this.annotations) {
			return false;
		}
		this.annotations = position + 1;
		return true;
	}

	AssistantMessage.@Nullable ToolCall toolCall() {
		return this.toolCall;
	}

	@Nullable ToolUse toolUse() {
		return this.toolUse;
	}

	/**
	 * What goes back to xAI in its place.
	 * @return an entry of {@link ReasoningItems}, or {@code null} for nothing
	 */
	@Nullable String entry() {
		return switch (this.type) {
			case "message" -> ReasoningItems.TEXT;
			case "function_call" -> ReasoningItems.CALL;
			default -> this.kept;
		};
	}

	/**
	 * The item itself, if nothing else stands for it.
	 * @return its fields, or {@code null}
	 */
	@Nullable Map<String, @Nullable Object> unknown() {
		return this.unknown;
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
