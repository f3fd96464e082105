package io.github.grokspring.event;

/**
 * Published when a call continues with the next fallback candidate.
 *
 * @param client the name of the client
 * @param from the model or bean name that failed
 * @param to the model or bean name of the next candidate
 * @param reason the kind of failure in lower case
 * @since 0.1.0
 */
public record FallbackTaken(String client, String from, String to, String reason) implements GrokEvent {

}
