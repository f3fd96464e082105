package io.github.grokspring.sample;

import java.util.List;

import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.http.HttpStatus;
import org.springframework.util.StringUtils;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * The messages of a conversation. Its ID is the only protection, so it must be
 * unguessable.
 */
@RestController
@RequestMapping("/api/conversations/{id}")
class ConversationController {

	private final ChatMemory memory;

	ConversationController(ChatMemory memory) {
		this.memory = memory;
	}

	@GetMapping
	List<Turn> turns(@PathVariable String id) {
		return this.memory.get(id).stream().filter(ConversationController::isVisible).map(Turn::of).toList();
	}

	@DeleteMapping
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void clear(@PathVariable String id) {
		this.memory.clear(id);
	}

	private static boolean isVisible(Message message) {
		return (message.getMessageType() == MessageType.USER || message.getMessageType() == MessageType.ASSISTANT)
				&& StringUtils.hasText(message.getText());
	}

	/**
	 * A message.
	 *
	 * @param role {@code user} or {@code assistant}
	 * @param text text of the message
	 */
	record Turn(String role, String text) {

		static Turn of(Message message) {
			String text = message.getText();
			return new Turn(message.getMessageType().getValue(), (text != null) ? text : "");
		}

	}

}
