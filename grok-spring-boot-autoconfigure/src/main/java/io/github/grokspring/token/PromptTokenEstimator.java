package io.github.grokspring.token;

import java.util.Objects;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Guesses how many tokens a prompt has before it is sent. Rate limits, budgets and the
 * context window all go by a bean of this type. Implementations are cheap, do no I/O, and
 * are safe for use by several threads; one that learns may give another number for the
 * same prompt later.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PromptTokenEstimator {

	/** The most tokens that xAI counts for one image. */
	int LARGEST_IMAGE = 1_792;

	/** The fewest tokens that xAI counts for one image. */
	int SMALLEST_IMAGE = 256;

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
		return PromptTokenCounter.OF_CHARACTERS;
	}

	/**
	 * An estimator that looks at lengths alone, and at no character: two tokens to a
	 * character, which text hardly ever has. What is small by it need not be counted.
	 * @return the estimator
	 */
	static PromptTokenEstimator atMost() {
		return PromptTokenCounter.AT_MOST;
	}

	/**
	 * An estimator that has all texts of a prompt counted, as one, and counts the rest as
	 * {@link #approximate()} does. It is as cheap, and does as little I/O, as what counts
	 * the texts.
	 * @param texts counts a text
	 * @return the estimator
	 */
	static PromptTokenEstimator counting(TokenCountEstimator texts) {
		Objects.requireNonNull(texts, "'texts' must not be null");
		return (prompt) -> {
			StringBuilder all = new StringBuilder();
			long rest = new PromptTokenCounter((text) -> {
				all.append(text).append('\n');
				return 0;
			}).estimate(prompt);
			return rest + texts.estimate(all.toString());
		};
	}

}
