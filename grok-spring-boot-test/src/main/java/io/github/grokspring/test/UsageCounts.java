package io.github.grokspring.test;

import java.util.List;

import io.github.grokspring.test.ChatRequest.ToolCall;
import io.github.grokspring.test.ModelOutput.ContextSize;

/**
 * Scripted token counts; those that are not set are estimated.
 */
final class UsageCounts {

	private static final int UNSET = -1;

	/**
	 * Estimated input tokens of a tool result.
	 */
	private static final long TOKENS_PER_TOOL_OUTPUT = 400;

	volatile long prompt = UNSET;

	volatile long completion = UNSET;

	volatile long reasoning = UNSET;

	volatile long cached;

	volatile long image = UNSET;

	volatile long contextInput = UNSET;

	volatile long contextOutput = UNSET;

	/**
	 * Returns the tokens of all turns.
	 */
	Usage usage(ModelCall call, List<String> pieces, List<String> visibleReasoning, List<ToolCall> calls,
			int toolUses) {
		boolean counted = this.completion != UNSET;
		long input = this.prompt;
		if (input == UNSET) {
			input = call.request().promptTokens();
			input += (toolUses > 0) ? input + toolUses * TOKENS_PER_TOOL_OUTPUT : 0;
		}
		long images = (this.image != UNSET) ? this.image : (counted ? 0 : call.request().imageTokens());
		long output = this.completion;
		if (!counted) {
			output = pieces.size();
			for (ToolCall toolCall : calls) {
				output += 1 + Tokens.estimate(toolCall.arguments().length());
			}
		}
		long thought = this.reasoning;
		if (thought == UNSET) {
			thought = counted ? 0 : (visibleReasoning.isEmpty() ? reasoningTokens(call) : visibleReasoning.size());
		}
		return new Usage(input, this.cached, images, output, thought);
	}

	/**
	 * Returns the tokens of the last turn: all tokens, but without the first turn if
	 * tools were used.
	 */
	ContextSize context(ModelCall call, Usage usage, int toolUses) {
		long firstTurn = (toolUses > 0 && this.prompt == UNSET) ? call.request().promptTokens() : 0;
		long input = (this.contextInput != UNSET) ? this.contextInput : usage.promptTokens() - firstTurn;
		long output = (this.contextOutput != UNSET) ? this.contextOutput
				: usage.completionTokens() + usage.reasoningTokens();
		return new ContextSize(input, output);
	}

	private static long reasoningTokens(ModelCall call) {
		if (!call.model().reasoning()) {
			return 0;
		}
		String effort = call.effort();
		if (effort == null) {
			return 16;
		}
		return switch (effort) {
			case "none" -> 0;
			case "low" -> 8;
			case "medium" -> 16;
			case "high" -> 32;
			default -> 64;
		};
	}

}
