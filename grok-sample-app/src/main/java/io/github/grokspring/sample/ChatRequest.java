package io.github.grokspring.sample;

import java.util.UUID;

import org.jspecify.annotations.Nullable;

import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.server.ResponseStatusException;

/**
 * What a caller says. Without a conversation id it begins a new conversation.
 *
 * @param message what the caller says
 * @param conversationId the conversation that it belongs to
 * @param client who is to answer, the default client if there is no name
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
	 * What the caller says.
	 * @return text
	 * @throws ResponseStatusException with status 400 if there is none
	 */
	String text() {
		if (!StringUtils.hasText(this.message)) {
			throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "'message' must not be empty");
		}
		return this.message;
	}

	/**
	 * The conversation id of the caller, or a new one.
	 * @return the id under which the conversation goes on
	 */
	String conversation() {
		return StringUtils.hasText(this.conversationId) ? this.conversationId : UUID.randomUUID().toString();
	}

}
