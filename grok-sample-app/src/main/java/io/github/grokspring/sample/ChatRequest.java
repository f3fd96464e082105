package io.github.grokspring.sample;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * A message of a caller. A request without a conversation ID starts a new conversation.
 *
 * @param message the message
 * @param conversationId ID of the conversation
 * @param client name of the client, the default client if empty
 * @param search whether the model may search the web
 */
record ChatRequest(@Nullable String message, @Nullable String conversationId, @Nullable String client,
		@Nullable Boolean search) {

	ChatRequest(@Nullable String message, @Nullable String conversationId) {
		this(message, conversationId, null, null);
	}

	boolean wantsSearch() {
		return Boolean.TRUE.equals(this.search);
	}

	/**
	 * Returns the message.
	 * @return the text
	 * @throws ResponseStatusException with status 400 if it is empty
	 */
	String text() {
		if (!StringUtils.hasText(this.message)) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "'message' must not be empty");
		}
		return this.message;
	}

	/**
	 * Returns the conversation ID of the request, or a new one.
	 * @return the conversation ID
	 */
	String conversation() {
		return StringUtils.hasText(this.conversationId) ? this.conversationId : UUID.randomUUID().toString();
	}

}
