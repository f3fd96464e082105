package io.github.grokspring.token;

import java.util.Objects;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Estimates the number of tokens of a prompt before it is sent. Rate limits, budgets and
 * the context window use the bean of this type. Implementations must be fast and
 * thread-safe and must not perform I/O. Estimates for the same prompt may change over
 * time.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface PromptTokenEstimator {

	/** Maximum tokens that xAI counts for an image. */
	int LARGEST_IMAGE = 1_792;

	/** Minimum tokens that xAI counts for an image. */
	int SMALLEST_IMAGE = 256;

	/**
	 * Estimates the number of tokens of a prompt.
	 * @param prompt messages, media, and the tools and schemas in the options
	 * @return tokens, at least 1
	 */
	long estimate(Prompt prompt);

	/**
	 * Returns an estimator that counts characters: four per token for ASCII, two for
	 * other alphabets, and one for other scripts (Chinese, Japanese, Korean, emoji). A
	 * message adds 4 tokens, a tool 8 in addition to its name, description and schema,
	 * and an image 1,792, the maximum that xAI counts.
	 * @return the estimator
	 */
	static PromptTokenEstimator approximate() {
		return PromptTokenCounter.BY_CHARACTERS;
	}

	/**
	 * Returns an estimator that uses the length of texts only, at two tokens per
	 * character, which text rarely exceeds. A prompt that is small by this estimate need
	 * not be counted.
	 * @return the estimator
	 */
	static PromptTokenEstimator upperBound() {
		return PromptTokenCounter.UPPER_BOUND;
	}

	/**
	 * Returns an estimator that counts all texts of a prompt as one and the rest like
	 * {@link #approximate()}. Its cost and I/O are those of the given estimator.
	 * @param texts the estimator for texts
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
