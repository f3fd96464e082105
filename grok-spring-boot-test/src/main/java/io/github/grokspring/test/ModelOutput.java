package io.github.grokspring.test;

import java.util.List;
import java.util.Set;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.StreamPlan.ErrorText;
import org.jspecify.annotations.Nullable;

/**
 * Output of a model, independent of the endpoint.
 */
record ModelOutput(Model model, String serviceTier, List<String> pieces, List<String> reasoning,
		List<ToolCall> toolCalls, List<ServerToolUse> toolUses, List<String> sources, Outcome outcome, Usage usage,
		ContextSize context, long costInTicks, Set<GatewayQuirk> quirks) {

	String text() {
		return String.join("", this.pieces);
	}

	boolean priority() {
		return "priority".equals(this.serviceTier);
	}

	/**
	 * End of a response. {@code complete} responses are sent to the end.
	 */
	record Outcome(@Nullable String finishReason, @Nullable String incompleteReason, @Nullable ErrorText failure,
			boolean finishes, boolean complete) {
	}

	/**
	 * Tokens of the last turn; without tools, of the whole response.
	 */
	record ContextSize(long inputTokens, long outputTokens) {
	}

}
