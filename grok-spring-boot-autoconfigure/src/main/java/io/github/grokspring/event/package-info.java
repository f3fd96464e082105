/**
 * Events in the life of a call to Grok, and their listener.
 */
@NullMarked
package io.github.grokspring.event;

import org.jspecify.annotations.NullMarked;
