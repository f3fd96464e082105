package io.github.grokspring.openai;

import io.github.grokspring.chain.ChatOptionsConverter;
import io.github.grokspring.chain.GrokChatOptions;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.util.ClassUtils;

/**
 * Understands the options of Spring AI's OpenAI module, when that is on the class path.
 * Its {@code gpt-5-mini}, its timeout of 60 seconds and its 3 retries stand for "not set"
 * in options that were built and are left out; so is what only concerns the connection to
 * OpenAI (base URL, key, organisation, proxy), which Spring AI itself ignores at run
 * time, and what xAI has no use for (audio, modalities, strict tools, stream options).
 * <p>
 * Stateless, hence safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class OpenAiChatOptionsConverter implements ChatOptionsConverter {

	private static final boolean OPENAI_PRESENT = isPresent("org.springframework.ai.openai.OpenAiChatOptions")
			&& isPresent("com.openai.models.chat.completions.ChatCompletionToolChoiceOption");

	/**
	 * Create the translator. Needs no OpenAI class.
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
