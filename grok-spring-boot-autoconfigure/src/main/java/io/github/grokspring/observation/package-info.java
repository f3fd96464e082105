/**
 * Turns what happened into meters.
 */
@NullMarked
package io.github.grokspring.observation;

import org.jspecify.annotations.NullMarked;
