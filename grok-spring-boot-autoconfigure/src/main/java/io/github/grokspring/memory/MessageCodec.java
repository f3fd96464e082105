package io.github.grokspring.memory;

import org.springframework.ai.chat.messages.Message;

/**
 * Converts complete messages to strings and back, for any
 * {@link org.springframework.ai.chat.memory.ChatMemoryRepository} that stores strings.
 * Messages are equal after a round trip. Thread-safe.
 *
 * @since 0.1.0
 */
public interface MessageCodec {

	/**
	 * Converts a message to a string.
	 * @param message the message
	 * @return the string
	 */
	String write(Message message);

	/**
	 * Converts a string to a message.
	 * @param text a string that this codec has written
	 * @return the message
	 * @throws IllegalArgumentException if the string is not a message; the exception does
	 * not contain the string
	 */
	Message read(String text);

	/**
	 * Returns a codec that uses JSON. It retains text, media, tool calls, tool responses,
	 * and metadata values that JSON can represent: strings, numbers, booleans, and lists
	 * and maps of these. Other metadata is omitted. The JSON is plain ASCII, so that it
	 * survives any character set. Subclasses of messages are restored as the Spring AI
	 * types.
	 * @return the codec
	 */
	static MessageCodec json() {
		return JsonMessageCodec.INSTANCE;
	}

}
