/**
 * Native {@link org.springframework.ai.chat.model.ChatModel} for Chat Completions.
 */
@NullMarked
package io.github.grokspring.completions;

import org.jspecify.annotations.NullMarked;
