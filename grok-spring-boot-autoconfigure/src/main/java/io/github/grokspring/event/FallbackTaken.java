package io.github.grokspring.event;

/**
 * A call went on with the next candidate, because one failed.
 *
 * @param client the client
 * @param from the model, or the name of the bean, that failed
 * @param to the model, or the name of the bean, that is asked next
 * @param reason the kind of failure in lower case
 * @since 0.1.0
 */
public record FallbackTaken(String client, String from, String to, String reason) implements GrokEvent {

}
