package io.github.grokspring.autoconfigure;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Recognizes models of other providers by their names.
 */
enum OtherProvider {

	OPENAI("OpenAI", "(?:chat)?gpt-.*|o[134](?:-.*)?|text-embedding-.*|davinci.*|dall-e.*"),

	ANTHROPIC("Anthropic", "claude.*"),

	GOOGLE("Google", "gemini.*|gemma.*"),

	META("Meta", "(?:meta-)?llama.*"),

	MISTRAL("Mistral", "(?:open-)?mi[sx]tral.*|codestral.*|ministral.*|magistral.*|pixtral.*"),

	DEEPSEEK("DeepSeek", "deepseek.*"),

	ALIBABA("Alibaba", "qwen.*|qwq.*"),

	COHERE("Cohere", "command-.*"),

	MOONSHOT("Moonshot AI", "kimi.*|moonshot.*");

	private final String displayName;

	private final Pattern models;

	OtherProvider(String displayName, String models) {
		this.displayName = displayName;
		// Gateways prefix the name with the provider
		this.models = Pattern.compile("(?:[a-z.-]+/)?(?:" + models + ")", Pattern.CASE_INSENSITIVE);
	}

	/**
	 * Returns the provider of a model.
	 * @param model the name of a model that is not in the catalog
	 * @return the name of the provider, or {@code null} if it may be an xAI model
	 */
	static @Nullable String of(String model) {
		for (OtherProvider provider : values()) {
			if (provider.models.matcher(model).matches()) {
				return provider.displayName;
			}
		}
		return null;
	}

}
