/**
 * Example of an application that uses the starter: chat, streams, tools, structured
 * output, memory and named clients over HTTP.
 */
@NullMarked
package io.github.grokspring.sample;

import org.jspecify.annotations.NullMarked;
