/**
 * Management of context windows: trimming of prompts and token-limited chat memory.
 */
@NullMarked
package io.github.grokspring.context;

import org.jspecify.annotations.NullMarked;
