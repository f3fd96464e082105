package io.github.grokspring.connection;

/**
 * A complete answer of xAI with a status below 300 whose body is not an error.
 *
 * @param status the HTTP status; 202 means that a deferred result is not ready
 * @param headers what the headers said
 * @param body the raw body, empty for 202; not copied, not to be changed
 * @since 0.1.0
 */
public record ApiResponse(int status, ApiHeaders headers, byte[] body) {

}
