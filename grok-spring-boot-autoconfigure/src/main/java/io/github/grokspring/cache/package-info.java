/**
 * Caching of chat responses.
 */
@NullMarked
package io.github.grokspring.cache;

import org.jspecify.annotations.NullMarked;
