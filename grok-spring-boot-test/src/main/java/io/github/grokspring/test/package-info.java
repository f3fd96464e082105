/**
 * A strict double of the xAI API on a real socket, for tests and offline runs.
 */
@NullMarked
package io.github.grokspring.test;

import org.jspecify.annotations.NullMarked;
