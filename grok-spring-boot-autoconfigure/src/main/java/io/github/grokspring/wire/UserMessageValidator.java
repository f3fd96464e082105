package io.github.grokspring.wire;

import java.util.List;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.content.MediaContent;
import org.springframework.util.StringUtils;

/**
 * Finds user messages that xAI is known to refuse.
 *
 * @since 0.1.0
 */
public final class UserMessageValidator {

	private UserMessageValidator() {
	}

	/**
	 * Checks that every user message has content.
	 * @param messages the messages of a prompt
	 * @throws GrokApiException if one has neither text nor media
	 */
	public static void validate(List<Message> messages) {
		for (Message message : messages) {
			if (message.getMessageType() == MessageType.USER && !StringUtils.hasLength(message.getText())
					&& !(message instanceof MediaContent content && !content.getMedia().isEmpty())) {
				throw GrokApiException
					.builder(ErrorKind.INVALID_REQUEST,
							"A user message of the prompt has neither text nor media, which xAI refuses, so nothing was"
									+ " sent. Give it a text, or leave it out.")
					.sent(false)
					.build();
			}
		}
	}

}
