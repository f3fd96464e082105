/**
 * Chat memories that keep whole messages: with their tool calls and with what xAI has to
 * be sent back.
 */
@NullMarked
package io.github.grokspring.memory;

import org.jspecify.annotations.NullMarked;
