/**
 * Chat Completions as a {@link org.springframework.ai.chat.model.ChatModel}: prompts to
 * JSON, answers and server-sent events back to Spring AI's types.
 */
@NullMarked
package io.github.grokspring.completions;

import org.jspecify.annotations.NullMarked;
