/**
 * Measures what a call and a chunk of a stream cost, for the transports of this project
 * and two yardsticks, against a server in a process of its own.
 */
@NullMarked
package io.github.grokspring.benchmark;

import org.jspecify.annotations.NullMarked;
