package io.github.grokspring.context;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.prompt.Prompt;

/**
 * A prompt that is sent.
 *
 * @param prompt the prompt, perhaps without its oldest turns
 * @param trimmed how many messages were left out
 * @param exact how many tokens it was counted to have, {@code null} when it was not near
 * the limit
 */
record FittedPrompt(Prompt prompt, int trimmed, @Nullable Long exact) {

}
