package io.github.grokspring.autoconfigure;

import io.github.grokspring.token.CalibratedEstimator;

import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Token counters of the application, which share their calibration.
 *
 * @param texts counts the tokens of texts
 * @param rough estimates the tokens of prompts by their characters
 * @param local counts the tokens of prompts in the application
 * @param exact counts the tokens of prompts close to a limit
 */
record Tokenizers(TokenCountEstimator texts, CalibratedEstimator rough, CalibratedEstimator local,
		CalibratedEstimator exact) {

}
