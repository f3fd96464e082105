/**
 * Sends again what failed in passing, and leaves a server alone that keeps failing.
 */
@NullMarked
package io.github.grokspring.retry;

import org.jspecify.annotations.NullMarked;
