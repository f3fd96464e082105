package io.github.grokspring.wire;

import java.util.List;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.StringUtils;

/**
 * Validates that user messages have content, as xAI requires.
 *
 * @since 0.1.0
 */
public final class UserMessageValidator {

	private UserMessageValidator() {
	}

	/**
	 * Validates the messages of a prompt.
	 * @param messages the messages
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if a user
	 * message has neither text nor media
	 */
	public static void validate(List<Message> messages) {
		for (Message message : messages) {
			if (message.getMessageType() == MessageType.USER && !StringUtils.hasLength(message.getText())
					&& !(message instanceof MediaContent content && !content.getMedia().isEmpty())) {
				throw GrokApiException
					.builder(ErrorKind.INVALID_REQUEST,
							"A user message of the prompt has neither text nor media, which xAI rejects."
									+ " Nothing was sent to xAI. Add text to the message or remove it.")
					.sent(false)
					.build();
			}
		}
	}

}
