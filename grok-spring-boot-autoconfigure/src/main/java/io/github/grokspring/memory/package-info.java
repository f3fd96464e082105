/**
 * Chat memory that retains complete messages, including tool calls and reasoning.
 */
@NullMarked
package io.github.grokspring.memory;

import org.jspecify.annotations.NullMarked;
