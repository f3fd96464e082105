package io.github.grokspring.token;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Estimates tokens from characters. Counts in quarters of a token.
 */
final class CharacterCount implements PromptTokenEstimator {

	static final CharacterCount INSTANCE = new CharacterCount();

	private static final long TOKEN = 4;

	private static final long MESSAGE = 4 * TOKEN;

	private static final long TOOL = 8 * TOKEN;

	private static final long MEDIUM = 1_792 * TOKEN;

	private static final char LAST_OF_ASCII = 0x7F;

	/** Beyond it are Chinese, Japanese and Korean, and the halves of emoji. */
	private static final char LAST_OF_ALPHABETS = 0x2E7F;

	private CharacterCount() {
	}

	@Override
	public long estimate(Prompt prompt) {
		long quarters = 0;
		for (Message message : prompt.getInstructions()) {
			quarters += MESSAGE + quarters(message);
		}
		quarters += quarters(prompt.getOptions());
		return Math.max(1, (quarters + TOKEN - 1) / TOKEN);
	}

	private static long quarters(Message message) {
		long quarters = quarters(message.getText());
		if (message instanceof MediaContent content) {
			quarters += MEDIUM * content.getMedia().size();
		}
		if (message instanceof AssistantMessage assistant) {
			for (AssistantMessage.ToolCall call : assistant.getToolCalls()) {
				quarters += TOOL + quarters(call.name()) + quarters(call.arguments());
			}
		}
		if (message instanceof ToolResponseMessage answers) {
			for (ToolResponseMessage.ToolResponse response : answers.getResponses()) {
				quarters += MESSAGE + quarters(response.responseData());
			}
		}
		return quarters;
	}

	private static long quarters(@Nullable ChatOptions options) {
		long quarters = 0;
		if (options instanceof ToolCallingChatOptions tools && tools.getToolCallbacks() != null) {
			for (ToolCallback callback : tools.getToolCallbacks()) {
				ToolDefinition tool = callback.getToolDefinition();
				quarters += TOOL + quarters(tool.name()) + quarters(tool.description()) + quarters(tool.inputSchema());
			}
		}
		if (options instanceof StructuredOutputChatOptions structured) {
			quarters += quarters(structured.getOutputSchema());
		}
		return quarters;
	}

	private static long quarters(@Nullable String text) {
		if (text == null) {
			return 0;
		}
		long quarters = text.length();
		for (int i = 0; i < text.length(); i++) {
			char character = text.charAt(i);
			if (character > LAST_OF_ASCII) {
				quarters += (character > LAST_OF_ALPHABETS) ? 3 : 1;
			}
		}
		return quarters;
	}

}
