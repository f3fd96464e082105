/**
 * Strict mock of the xAI API, for tests and offline use.
 */
@NullMarked
package io.github.grokspring.test;

import org.jspecify.annotations.NullMarked;
