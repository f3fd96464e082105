package io.github.grokspring.connection;

import org.jspecify.annotations.Nullable;

/**
 * Complete response of xAI with a status below 300 and a body that is not an error.
 *
 * @param status the HTTP status; 202 means that a deferred result is not ready
 * @param headers the parsed headers
 * @param contentType the content type, or {@code null}
 * @param body the raw body, empty for 202; not copied and not to be modified
 * @since 0.1.0
 */
public record ApiResponse(int status, ResponseHeaders headers, @Nullable String contentType, byte[] body) {

}
