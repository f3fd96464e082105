/**
 * An application as a user of the starter writes it: chat, stream, tool, structured
 * output, memory and named clients over HTTP.
 */
@NullMarked
package io.github.grokspring.sample;

import org.jspecify.annotations.NullMarked;
