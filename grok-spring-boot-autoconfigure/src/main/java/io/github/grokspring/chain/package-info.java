/**
 * Chain of decorators that forms a {@link org.springframework.ai.chat.model.ChatModel},
 * and its options.
 */
@NullMarked
package io.github.grokspring.chain;

import org.jspecify.annotations.NullMarked;
