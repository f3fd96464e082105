package io.github.grokspring.cost;

import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Estimates tokens where xAI reports none: prompts with the estimator of rate limits and
 * budgets, responses with four characters per token.
 */
final class CharacterTokenEstimate {

	private static final int CHARACTERS_PER_TOKEN = 4;

	private CharacterTokenEstimate() {
	}

	static long of(long characters) {
		return (characters + CHARACTERS_PER_TOKEN - 1) / CHARACTERS_PER_TOKEN;
	}

	static long of(Prompt prompt) {
		return PromptTokenEstimator.approximate().estimate(prompt);
	}

	static long charactersOf(Message message) {
		long characters = length(message.getText());
		if (message instanceof AssistantMessage answer && answer.hasToolCalls()) {
			for (AssistantMessage.ToolCall call : answer.getToolCalls()) {
				characters += length(call.name()) + length(call.arguments());
			}
		}
		else if (message instanceof ToolResponseMessage responses) {
			for (ToolResponseMessage.ToolResponse response : responses.getResponses()) {
				characters += length(response.responseData());
			}
		}
		return characters;
	}

	private static int length(@Nullable String text) {
		return (text != null) ? text.length() : 0;
	}

}
