package io.github.grokspring.token;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.content.MediaContent;
import org.springframework.ai.tokenizer.TokenCountEstimator;

/**
 * Base class for tokenizers that count text. Media count as images of the maximum size.
 */
abstract class TextTokenizer implements TokenCountEstimator {

	@Override
	public final int estimate(@Nullable String text) {
		return (text != null && !text.isEmpty()) ? count(text) : 0;
	}

	@Override
	public final int estimate(MediaContent content) {
		return estimate(content.getText()) + PromptTokenEstimator.LARGEST_IMAGE * content.getMedia().size();
	}

	@Override
	public final int estimate(Iterable<MediaContent> contents) {
		int tokens = 0;
		for (MediaContent content : contents) {
			tokens += estimate(content);
		}
		return tokens;
	}

	abstract int count(String text);

}
