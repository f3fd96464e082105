package io.github.grokspring.context;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * A prompt that fits into the context window.
 *
 * @param exact the uncalibrated token count, {@code null} if the tokens were not counted
 */
record FittedPrompt(Prompt prompt, int trimmed, @Nullable Long exact) {

}
