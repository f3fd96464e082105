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
 * Knows what of a prompt counts, and leaves to a {@link TextMeasure} how much a text
 * does.
 *
 * @param texts measures a text
 */
record PromptTokenCounter(TextMeasure texts) implements PromptTokenEstimator {

	static final PromptTokenCounter OF_CHARACTERS = new PromptTokenCounter(TextMeasure::characters);

	static final PromptTokenCounter AT_MOST = new PromptTokenCounter(TextMeasure::most);

	private static final long MESSAGE = 4 * TextMeasure.TOKEN;

	private static final long TOOL = 8 * TextMeasure.TOKEN;

	private static final long MEDIUM = LARGEST_IMAGE * TextMeasure.TOKEN;

	private static final String TYPE = "\"image";

	private static final String DATA = "\"data\":\"";

	private static final Pattern PICTURES = Pattern.compile("\\[?\\{\"(?:mimeType|data|dataAsByteArray|id|name)\"");

	/** Under which an answer keeps reasoning that is sent back. */
	private static final String REASONING = "grok.reasoning-items";

	/** First entry of reasoning that is sent back until its turn is over. */
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

	private long quarters(Message message, boolean thisTurn) {
		long quarters = quarters(message.getText());
		if (message instanceof MediaContent content) {
			quarters += MEDIUM * content.getMedia().size();
		}
		if (message instanceof AssistantMessage assistant) {
			for (AssistantMessage.ToolCall call : assistant.getToolCalls()) {
				quarters += TOOL + quarters(call.name()) + quarters(call.arguments());
			}
			quarters += quartersOfReasoning(assistant.getMetadata().get(REASONING), thisTurn);
		}
		if (message instanceof ToolResponseMessage answers) {
			for (ToolResponseMessage.ToolResponse response : answers.getResponses()) {
				quarters += MESSAGE + quartersOfOutput(response.responseData());
			}
		}
		return quarters;
	}

	/**
	 * Spring AI writes a picture that a tool returns as JSON with its data in Base64, but
	 * it is sent as a picture.
	 */
	private long quartersOfOutput(@Nullable String output) {
		if (output == null || !PICTURES.matcher(output).lookingAt() || !output.contains(TYPE)) {
			return quarters(output);
		}
		long quarters = 0;
		int from = 0;
		for (int data = output.indexOf(DATA); data >= 0; data = output.indexOf(DATA, from)) {
			quarters += MEDIUM + quarters(output.substring(from, data));
			int end = output.indexOf('"', data + DATA.length());
			from = (end >= 0) ? end : output.length();
		}
		return quarters + quarters(output.substring(from));
	}

	/**
	 * Items that go back to xAI are JSON, and most of it is encrypted, in Base64, which
	 * has four characters for three of its own. Nobody but xAI can read it. Other entries
	 * stand for what the message holds, or tell that the items are sent back only until
	 * their turn is over.
	 */
	private static long quartersOfReasoning(@Nullable Object entries, boolean thisTurn) {
		long quarters = 0;
		if (entries instanceof List<?> list && (thisTurn || list.isEmpty() || !TURN.equals(list.get(0)))) {
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
