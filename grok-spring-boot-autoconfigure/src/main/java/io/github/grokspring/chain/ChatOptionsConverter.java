package io.github.grokspring.chain;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;

/**
 * Translates the options of another provider, so that code written for it runs on Grok.
 * Implementations are found with {@link java.util.ServiceLoader} and need to work without
 * the library they translate from being present.
 *
 * @since 0.1.0
 */
public interface ChatOptionsConverter {

	/**
	 * Translate a builder of foreign options.
	 * @param builder the foreign builder, not to be changed
	 * @return a builder that holds what was set on it, and nothing that was not, or
	 * {@code null} if the builder is of a kind not known here
	 */
	GrokChatOptions.@Nullable Builder convert(ChatOptions.Builder<?> builder);

}
