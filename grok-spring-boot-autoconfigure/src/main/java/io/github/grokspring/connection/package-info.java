/**
 * HTTP exchanges with xAI: JSON responses and server-sent events, with status, headers
 * and errors. Exchanges can be cancelled and are never retried.
 */
@NullMarked
package io.github.grokspring.connection;

import org.jspecify.annotations.NullMarked;
