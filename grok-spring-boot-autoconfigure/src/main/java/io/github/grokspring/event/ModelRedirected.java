package io.github.grokspring.event;

/**
 * Another model than the one asked for gave the answer.
 *
 * @param client the client
 * @param requested the model that was asked
 * @param served the model that answered
 * @since 0.1.0
 */
public record ModelRedirected(String client, String requested, String served) implements GrokEvent {

}
