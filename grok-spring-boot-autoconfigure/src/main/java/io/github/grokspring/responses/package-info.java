/**
 * The Responses API as a {@link org.springframework.ai.chat.model.ChatModel}, and the
 * choice between it and Chat Completions.
 */
@NullMarked
package io.github.grokspring.responses;

import org.jspecify.annotations.NullMarked;
