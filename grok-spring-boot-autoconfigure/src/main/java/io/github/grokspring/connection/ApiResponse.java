package io.github.grokspring.connection;

import org.jspecify.annotations.Nullable;

/**
 * A complete answer of xAI with a status below 300 whose body is not an error.
 *
 * @param status the HTTP status; 202 means that a deferred result is not ready
 * @param headers what the headers said
 * @param contentType what the body says that it is, or {@code null}
 * @param body the raw body, empty for 202; not copied, not to be changed
 * @since 0.1.0
 */
public record ApiResponse(int status, ApiHeaders headers, @Nullable String contentType, byte[] body) {

}
