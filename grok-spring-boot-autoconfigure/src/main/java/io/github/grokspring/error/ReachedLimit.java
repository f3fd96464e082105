package io.github.grokspring.error;

import java.io.Serializable;

/**
 * Rate limit of xAI that a request reached, as reported in an error such as
 * {@code Requests per Second (actual/limit): 2/2}.
 *
 * @param bucket the type of limit, such as {@code Requests per Second} or
 * {@code Tokens per Minute}
 * @param actual the number counted by xAI
 * @param limit the limit
 * @since 0.1.0
 */
public record ReachedLimit(String bucket, long actual, long limit) implements Serializable {

}
