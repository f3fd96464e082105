/**
 * Meters, observations and the call log.
 */
@NullMarked
package io.github.grokspring.observation;

import org.jspecify.annotations.NullMarked;
