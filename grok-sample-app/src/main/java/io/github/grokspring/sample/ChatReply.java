package io.github.grokspring.sample;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.http.HttpStatus;
import org.springframework.web.server.ResponseStatusException;

/**
 * What the model says.
 *
 * @param answer text of the answer
 * @param model the model that answered, which may be another than the one asked for
 * @param conversationId what to send along to go on, if the endpoint remembers
 * @param usage what the answer took
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record ChatReply(String answer, String model, @Nullable String conversationId, TokenCount usage) {

	static ChatReply of(@Nullable ChatResponse response, @Nullable String conversationId) {
		if (response == null) {
			throw new ResponseStatusException(HttpStatus.BAD_GATEWAY, "The model gave no answer");
		}
		Generation result = response.getResult();
		String text = (result != null) ? result.getOutput().getText() : null;
		return new ChatReply((text != null) ? text : "", response.getMetadata().getModel(), conversationId,
				TokenCount.of(response.getMetadata().getUsage()));
	}

}
