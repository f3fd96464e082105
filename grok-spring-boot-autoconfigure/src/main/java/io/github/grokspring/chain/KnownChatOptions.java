package io.github.grokspring.chain;

import java.util.List;
import java.util.ServiceLoader;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Finds the translation of foreign options.
 */
final class KnownChatOptions {

	private static final List<ForeignChatOptions> TRANSLATORS = ServiceLoader
		.load(ForeignChatOptions.class, ForeignChatOptions.class.getClassLoader())
		.stream()
		.map(ServiceLoader.Provider::get)
		.toList();

	private KnownChatOptions() {
	}

	static ChatOptions.Builder<?> translate(ChatOptions.Builder<?> builder) {
		if (builder instanceof GrokChatOptions.Builder) {
			return builder;
		}
		for (ForeignChatOptions translator : TRANSLATORS) {
			GrokChatOptions.Builder translated = translator.translate(builder);
			if (translated != null) {
				return translated;
			}
		}
		return builder;
	}

}
