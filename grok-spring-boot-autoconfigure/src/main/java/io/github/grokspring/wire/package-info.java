/**
 * Common parts of the native transports: the base class for chat models, and reading and
 * writing JSON.
 */
@NullMarked
package io.github.grokspring.wire;

import org.jspecify.annotations.NullMarked;
