package io.github.grokspring.autoconfigure;

import io.github.grokspring.token.CalibratedEstimator;

import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * The ways to count tokens that an application has, which learn together.
 *
 * @param texts counts texts
 * @param rough estimates prompts by their characters
 * @param local counts prompts in the application
 * @param exact counts prompts that are near a limit
 */
record Tokenizers(TokenCountEstimator texts, CalibratedEstimator rough, CalibratedEstimator local,
		CalibratedEstimator exact) {

}
