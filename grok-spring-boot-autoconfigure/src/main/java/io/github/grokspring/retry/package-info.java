/**
 * Asks the same model again when that may help, and leaves it alone when it does not.
 */
@NullMarked
package io.github.grokspring.retry;

import org.jspecify.annotations.NullMarked;
