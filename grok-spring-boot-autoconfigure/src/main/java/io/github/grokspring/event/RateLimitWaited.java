package io.github.grokspring.event;

import java.time.Duration;

/**
 * Published when a request passed a rate limit of this application or timed out waiting
 * for it.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param limit the limit, {@code requests}, {@code tokens} or {@code concurrency}
 * @param waited the time that the request waited
 * @since 0.1.0
 */
public record RateLimitWaited(String client, String model, String limit, Duration waited) implements GrokEvent {

}
