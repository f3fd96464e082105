/**
 * How decorators become one {@link org.springframework.ai.chat.model.ChatModel}, and the
 * options that travel through them.
 */
@NullMarked
package io.github.grokspring.chain;

import org.jspecify.annotations.NullMarked;
