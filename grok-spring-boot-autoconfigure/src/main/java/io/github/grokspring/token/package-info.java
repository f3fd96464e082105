/**
 * How many tokens a text probably has.
 */
@NullMarked
package io.github.grokspring.token;

import org.jspecify.annotations.NullMarked;
