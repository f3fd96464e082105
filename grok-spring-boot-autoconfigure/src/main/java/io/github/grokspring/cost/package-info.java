/**
 * Token usage and cost of responses.
 */
@NullMarked
package io.github.grokspring.cost;

import org.jspecify.annotations.NullMarked;
