package io.github.grokspring.cost;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;

/**
 * How many tokens something has when nobody counted them: four characters make one, an
 * image has as many as it can have.
 */
final class RoughTokens {

	private static final int CHARACTERS = 4;

	private static final int IMAGE = 1792;

	private RoughTokens() {
	}

	static long of(long characters) {
		return (characters + CHARACTERS - 1) / CHARACTERS;
	}

	static long of(Prompt prompt) {
		long characters = 0;
		long images = 0;
		for (Message message : prompt.getInstructions()) {
			characters += charactersOf(message);
			images += (message instanceof MediaContent content) ? content.getMedia().size() : 0;
		}
		return of(characters) + images * IMAGE;
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
