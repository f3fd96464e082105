package io.github.grokspring.error;

import java.io.Serializable;

/**
 * Which limit of xAI a request ran into, as xAI words it:
 * {@code Requests per Second (actual/limit): 2/2}.
 *
 * @param bucket what is limited, such as {@code Requests per Second} or
 * {@code Tokens per Minute}
 * @param actual what xAI has counted
 * @param limit what it allows
 * @since 0.1.0
 */
public record ReachedLimit(String bucket, long actual, long limit) implements Serializable {

}
