/**
 * Responses API transport and routing between it and Chat Completions.
 */
@NullMarked
package io.github.grokspring.responses;

import org.jspecify.annotations.NullMarked;
