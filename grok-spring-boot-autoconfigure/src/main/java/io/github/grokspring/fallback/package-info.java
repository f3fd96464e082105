/**
 * Asks the next model when one fails.
 */
@NullMarked
package io.github.grokspring.fallback;

import org.jspecify.annotations.NullMarked;
