package io.github.grokspring.sample;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Tokens that were read and written.
 *
 * @param input tokens of the prompt, history included
 * @param output tokens of the answer
 * @param total all tokens that count
 */
record TokenCount(int input, int output, int total) {

	static TokenCount of(Usage usage) {
		return new TokenCount(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens());
	}

}
