package io.github.grokspring.token;

import java.util.List;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.definition.ToolDefinition;

/**
 * Determines which parts of a prompt count. A {@link TextMeasure} determines the size of
 * each text.
 */
record PromptTokenCounter(TextMeasure texts) implements PromptTokenEstimator {

	static final PromptTokenCounter BY_CHARACTERS = new PromptTokenCounter(TextMeasure::characters);

	static final PromptTokenCounter UPPER_BOUND = new PromptTokenCounter(TextMeasure::upperBound);

	private static final long MESSAGE = 4 * TextMeasure.TOKEN;

	private static final long TOOL = 8 * TextMeasure.TOKEN;

	private static final long MEDIA = LARGEST_IMAGE * TextMeasure.TOKEN;

	private static final String IMAGE_TYPE = "\"image";

	private static final String DATA = "\"data\":\"";

	private static final Pattern IMAGE_OUTPUT = Pattern.compile("\\[?\\{\"(?:mimeType|data|dataAsByteArray|id|name)\"");

	private static final String REASONING = "grok.reasoning-items";

	/** First entry of reasoning that is sent back only within its turn. */
	private static final String TURN = "turn";

	@Override
	public long estimate(Prompt prompt) {
		long quarters = 0;
		List<Message> messages = prompt.getInstructions();
		int turn = messages.size() - 1;
		while (turn >= 0 && messages.get(turn).getMessageType() != MessageType.USER) {
			turn--;
		}
		for (int i = 0; i < messages.size(); i++) {
			quarters += MESSAGE + quarters(messages.get(i), i > turn);
		}
		quarters += quarters(prompt.getOptions());
		return Math.max(1, (quarters + TextMeasure.TOKEN - 1) / TextMeasure.TOKEN);
	}

	private long quarters(Message message, boolean currentTurn) {
		long quarters = quarters(message.getText());
		if (message instanceof MediaContent content) {
			quarters += MEDIA * content.getMedia().size();
		}
		if (message instanceof AssistantMessage assistant) {
			for (AssistantMessage.ToolCall call : assistant.getToolCalls()) {
				quarters += TOOL + quarters(call.name()) + quarters(call.arguments());
			}
			quarters += reasoningQuarters(assistant.getMetadata().get(REASONING), currentTurn);
		}
		if (message instanceof ToolResponseMessage toolMessage) {
			for (ToolResponseMessage.ToolResponse response : toolMessage.getResponses()) {
				quarters += MESSAGE + toolOutputQuarters(response.responseData());
			}
		}
		return quarters;
	}

	/**
	 * Spring AI represents an image returned by a tool as JSON with Base64 data, but it
	 * is sent as an image.
	 */
	private long toolOutputQuarters(@Nullable String output) {
		if (output == null || !IMAGE_OUTPUT.matcher(output).lookingAt() || !output.contains(IMAGE_TYPE)) {
			return quarters(output);
		}
		long quarters = 0;
		int from = 0;
		for (int data = output.indexOf(DATA); data >= 0; data = output.indexOf(DATA, from)) {
			quarters += MEDIA + quarters(output.substring(from, data));
			int end = output.indexOf('"', data + DATA.length());
			from = (end >= 0) ? end : output.length();
		}
		return quarters + quarters(output.substring(from));
	}

	/**
	 * Counts reasoning items. They are JSON, mostly encrypted data in Base64, which has
	 * four characters for three bytes. Other entries are markers.
	 */
	private static long reasoningQuarters(@Nullable Object entries, boolean currentTurn) {
		long quarters = 0;
		if (entries instanceof List<?> list && (currentTurn || list.isEmpty() || !TURN.equals(list.get(0)))) {
			for (Object entry : list) {
				if (entry instanceof String item && item.startsWith("{")) {
					quarters += item.length() * 3L / 4;
				}
			}
		}
		return quarters;
	}

	private long quarters(@Nullable ChatOptions options) {
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

	private long quarters(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? this.texts.quarters(text) : 0;
	}

}
