/**
 * One HTTP exchange with xAI: JSON or server-sent events out, status, headers and errors
 * visible, cancellation down to the socket. It never retries.
 */
@NullMarked
package io.github.grokspring.connection;

import org.jspecify.annotations.NullMarked;
