package io.github.grokspring.sample;

import org.springframework.ai.chat.metadata.Usage;

/**
 * Token usage.
 *
 * @param input tokens of the prompt, including the history
 * @param output tokens of the response
 * @param total total tokens
 */
record TokenCount(int input, int output, int total) {

	static TokenCount of(Usage usage) {
		return new TokenCount(usage.getPromptTokens(), usage.getCompletionTokens(), usage.getTotalTokens());
	}

}
