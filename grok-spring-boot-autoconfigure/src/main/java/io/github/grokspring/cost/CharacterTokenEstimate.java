package io.github.grokspring.cost;

import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * How many tokens something has when nobody counted them: a prompt as many as rate limits
 * and budgets take it to have, and of an answer four characters make one.
 */
final class CharacterTokenEstimate {

	private static final int CHARACTERS = 4;

	private CharacterTokenEstimate() {
	}

	static long of(long characters) {
		return (characters + CHARACTERS - 1) / CHARACTERS;
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
