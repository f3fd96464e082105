/**
 * Estimation of token counts.
 */
@NullMarked
package io.github.grokspring.token;

import org.jspecify.annotations.NullMarked;
