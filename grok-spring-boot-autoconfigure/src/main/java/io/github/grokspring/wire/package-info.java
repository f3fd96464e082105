/**
 * What the endpoints have in common on their way to and from JSON: how a model calls and
 * streams over an exchange, writes fields without repeating one, and says what it knows
 * of an answer.
 */
@NullMarked
package io.github.grokspring.wire;

import org.jspecify.annotations.NullMarked;
