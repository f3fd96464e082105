package io.github.grokspring.event;

import java.time.Duration;

/**
 * A request passed a limit of this application, or gave up waiting for it.
 *
 * @param client the client
 * @param model the model that is asked
 * @param limit which limit, {@code requests}, {@code tokens} or {@code concurrency}
 * @param waited how long the request waited for it
 * @since 0.1.0
 */
public record RateLimitWaited(String client, String model, String limit, Duration waited) implements GrokEvent {

}
