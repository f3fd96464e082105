package io.github.grokspring.openai;

import io.github.grokspring.chain.ChatOptionsConverter;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.util.ClassUtils;

/**
 * {@link ChatOptionsConverter} for the options of Spring AI's OpenAI module, if that is
 * on the classpath. The defaults of built options (model {@code gpt-5-mini}, a timeout of
 * 60 seconds, 3 retries) count as not set. Connection settings (base URL, key,
 * organization, proxy), which Spring AI ignores at runtime, and options without a
 * counterpart at xAI (audio, modalities, strict tools, stream options) are left out.
 * Stateless and thread-safe.
 *
 * @since 0.1.0
 */
public final class OpenAiChatOptionsConverter implements ChatOptionsConverter {

	private static final boolean OPENAI_PRESENT = isPresent("org.springframework.ai.openai.OpenAiChatOptions")
			&& isPresent("com.openai.models.chat.completions.ChatCompletionToolChoiceOption");

	/**
	 * Creates a converter. Does not load OpenAI classes.
	 */
	public OpenAiChatOptionsConverter() {
	}

	@Override
	public GrokChatOptions.@Nullable Builder convert(ChatOptions.Builder<?> builder) {
		return OPENAI_PRESENT ? OpenAiOptionsReader.read(builder) : null;
	}

	private static boolean isPresent(String className) {
		return ClassUtils.isPresent(className, OpenAiChatOptionsConverter.class.getClassLoader());
	}

}
