package io.github.grokspring.memory;

import org.springframework.ai.chat.messages.Message;

/**
 * Writes whole messages as texts and reads them again, so that any
 * {@link org.springframework.ai.chat.memory.ChatMemoryRepository} that can keep a text
 * can keep all of a message. What was read equals what was written. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public interface MessageCodec {

	/**
	 * Write a message.
	 * @param message the message
	 * @return a text that holds all of it
	 */
	String write(Message message);

	/**
	 * Read a message.
	 * @param text what was written
	 * @return the message
	 * @throws IllegalArgumentException if the text is no message; it does not show the
	 * text
	 */
	Message read(String text);

	/**
	 * Messages as JSON: text, media, tool calls, results of tools, and of the metadata
	 * what is JSON by nature (texts, numbers, truth values, and lists and maps of them),
	 * texts character for character. Other objects in the metadata are left out. The JSON
	 * is pure ASCII, so that no character set of a store can spoil it. Messages of
	 * classes of their own come back as those of Spring AI.
	 * @return the codec
	 */
	static MessageCodec json() {
		return JsonMessages.INSTANCE;
	}

}
