package io.github.grokspring.chain;

import java.util.List;
import java.util.ServiceLoader;

import org.springframework.ai.chat.prompt.ChatOptions;

final class ChatOptionsConverters {

	private static final List<ChatOptionsConverter> CONVERTERS = ServiceLoader
		.load(ChatOptionsConverter.class, ChatOptionsConverter.class.getClassLoader())
		.stream()
		.map(ServiceLoader.Provider::get)
		.toList();

	private ChatOptionsConverters() {
	}

	static ChatOptions.Builder<?> convert(ChatOptions.Builder<?> builder) {
		if (builder instanceof GrokChatOptions.Builder) {
			return builder;
		}
		for (ChatOptionsConverter converter : CONVERTERS) {
			GrokChatOptions.Builder converted = converter.convert(builder);
			if (converted != null) {
				return converted;
			}
		}
		return builder;
	}

}
