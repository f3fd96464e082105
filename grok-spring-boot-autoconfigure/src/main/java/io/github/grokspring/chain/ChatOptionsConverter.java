package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Converts the options of another provider, so that code written for it works with Grok.
 * Implementations are loaded by {@link java.util.ServiceLoader} and must work if the
 * library of the provider is not present.
 *
 * @since 0.1.0
 */
public interface ChatOptionsConverter {

	/**
	 * Converts an options builder.
	 * @param builder the builder, which must not be changed
	 * @return a builder with the same options, or {@code null} if the type is not
	 * supported
	 */
	GrokChatOptions.@Nullable Builder convert(ChatOptions.Builder<?> builder);

}
