/**
 * Retries and circuit breakers.
 */
@NullMarked
package io.github.grokspring.retry;

import org.jspecify.annotations.NullMarked;
