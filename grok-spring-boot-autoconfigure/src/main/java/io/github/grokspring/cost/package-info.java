/**
 * Turns the usage that xAI reports into tokens and money, and writes down both.
 */
@NullMarked
package io.github.grokspring.cost;

import org.jspecify.annotations.NullMarked;
