/**
 * The bridge to Spring AI's OpenAI module: its chat options understood, its chat model
 * offered as a transport to xAI.
 */
@NullMarked
package io.github.grokspring.openai;

import org.jspecify.annotations.NullMarked;
