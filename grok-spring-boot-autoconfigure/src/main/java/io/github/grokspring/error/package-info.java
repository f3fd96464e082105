/**
 * Exceptions thrown by calls to Grok.
 */
@NullMarked
package io.github.grokspring.error;

import org.jspecify.annotations.NullMarked;
