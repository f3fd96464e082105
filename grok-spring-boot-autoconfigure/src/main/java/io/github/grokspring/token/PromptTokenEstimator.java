package io.github.grokspring.token;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * Guesses how many tokens a prompt has before it is sent. Implementations are cheap, do
 * no I/O, give the same number for the same prompt, and are safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PromptTokenEstimator {

	/**
	 * Estimate what a prompt counts as.
	 * @param prompt messages, media, and the tools and schemas in the options
	 * @return tokens, at least 1
	 */
	long estimate(Prompt prompt);

	/**
	 * An estimator that counts characters: four to a token in ASCII, two in other
	 * alphabets, one in scripts without (Chinese, Japanese, Korean, emoji). A message
	 * adds 4 tokens, a tool 8 beside its name, description and schema, and an image
	 * 1,792, which is the most that xAI counts for one.
	 * @return the estimator
	 */
	static PromptTokenEstimator approximate() {
		return CharacterCount.INSTANCE;
	}

}
