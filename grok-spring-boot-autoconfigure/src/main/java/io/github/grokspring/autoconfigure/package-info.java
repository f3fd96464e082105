/**
 * From {@code grok.*} properties to beans; the only package that knows all others.
 */
@NullMarked
package io.github.grokspring.autoconfigure;

import org.jspecify.annotations.NullMarked;
