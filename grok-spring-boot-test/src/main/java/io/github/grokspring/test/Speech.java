package io.github.grokspring.test;

import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.Course.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * What the model says and does in one answer, before an endpoint gives it a form.
 */
record Speech(Model model, String serviceTier, List<String> pieces, List<String> reasoning, List<ToolCall> toolCalls,
		List<ServerToolUse> toolUses, List<String> sources, Outcome outcome, Usage usage, ContextSize context,
		long costInTicks, Set<GatewayQuirk> quirks) {

	String text() {
		return String.join("", this.pieces);
	}

	boolean priority() {
		return "priority".equals(this.serviceTier);
	}

	/**
	 * How an answer ends. A whole one reaches its client to the end.
	 */
	record Outcome(@Nullable String finishReason, @Nullable String incompleteReason, @Nullable ErrorText failure,
			boolean finishes, boolean whole) {
	}

	/**
	 * Tokens of the last turn between model and tools, which is the whole answer without
	 * tools.
	 */
	record ContextSize(long inputTokens, long outputTokens) {
	}

}
