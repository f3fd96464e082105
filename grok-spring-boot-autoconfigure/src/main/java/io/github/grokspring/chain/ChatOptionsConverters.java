package io.github.grokspring.chain;

import java.util.List;
import java.util.ServiceLoader;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Finds the translation of foreign options.
 */
final class ChatOptionsConverters {

	private static final List<ChatOptionsConverter> TRANSLATORS = ServiceLoader
		.load(ChatOptionsConverter.class, ChatOptionsConverter.class.getClassLoader())
		.stream()
		.map(ServiceLoader.Provider::get)
		.toList();

	private ChatOptionsConverters() {
	}

	static ChatOptions.Builder<?> translate(ChatOptions.Builder<?> builder) {
		if (builder instanceof GrokChatOptions.Builder) {
			return builder;
		}
		for (ChatOptionsConverter translator : TRANSLATORS) {
			GrokChatOptions.Builder translated = translator.translate(builder);
			if (translated != null) {
				return translated;
			}
		}
		return builder;
	}

}
