package io.github.grokspring.actuate;

import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * Something of this application, not of xAI, that keeps calls from being made: an open
 * circuit breaker, or a budget that is used up.
 *
 * @param kind what it is, such as {@code circuit-breaker} or {@code budget}
 * @param name its name
 * @param until when it ends, or {@code null} if it does not by itself
 * @since 0.1.0
 */
public record Impediment(String kind, String name, @Nullable Instant until) {

}
