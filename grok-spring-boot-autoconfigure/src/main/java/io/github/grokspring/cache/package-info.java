/**
 * Answers again without asking again.
 */
@NullMarked
package io.github.grokspring.cache;

import org.jspecify.annotations.NullMarked;
