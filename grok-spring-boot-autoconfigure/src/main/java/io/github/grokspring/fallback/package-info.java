/**
 * Fallbacks to other models.
 */
@NullMarked
package io.github.grokspring.fallback;

import org.jspecify.annotations.NullMarked;
