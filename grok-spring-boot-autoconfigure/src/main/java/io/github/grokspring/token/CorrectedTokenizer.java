package io.github.grokspring.token;

import java.util.function.IntUnaryOperator;

import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Corrects how many tokens another estimator counts in a text. Images, which nobody
 * misjudges, stay as they are.
 *
 * @since 0.1.0
 */
public final class CorrectedTokenizer extends TextTokenizer {

	private final TokenCountEstimator texts;

	private final IntUnaryOperator correction;

	/**
	 * Correct an estimator.
	 * @param texts counts texts
	 * @param correction corrects the number
	 */
	public CorrectedTokenizer(TokenCountEstimator texts, IntUnaryOperator correction) {
		this.texts = texts;
		this.correction = correction;
	}

	@Override
	int count(String text) {
		return this.correction.applyAsInt(this.texts.estimate(text));
	}

}
