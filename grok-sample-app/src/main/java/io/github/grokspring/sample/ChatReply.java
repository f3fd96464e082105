package io.github.grokspring.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * A complete response.
 *
 * @param answer text of the response
 * @param model the model that answered, which may differ from the requested one
 * @param conversationId ID to send with the next message, if the endpoint has a memory
 * @param usage token usage
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatReply(String answer, String model, @Nullable String conversationId, TokenCount usage) {

	static ChatReply of(@Nullable ChatResponse response, @Nullable String conversationId) {
		if (response == null) {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The model returned no response");
		}
		Generation result = response.getResult();
		String text = (result != null) ? result.getOutput().getText() : null;
		return new ChatReply((text != null) ? text : "", response.getMetadata().getModel(), conversationId,
				TokenCount.of(response.getMetadata().getUsage()));
	}

}
