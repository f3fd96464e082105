/**
 * Not faster, and not more at once, than is allowed.
 */
@NullMarked
package io.github.grokspring.ratelimit;

import org.jspecify.annotations.NullMarked;
