/**
 * Fit conversations into the context window of a model.
 */
@NullMarked
package io.github.grokspring.context;

import org.jspecify.annotations.NullMarked;
