/**
 * Client-side rate and concurrency limits.
 */
@NullMarked
package io.github.grokspring.ratelimit;

import org.jspecify.annotations.NullMarked;
