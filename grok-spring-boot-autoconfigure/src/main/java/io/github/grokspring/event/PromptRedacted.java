package io.github.grokspring.event;

/**
 * Values were taken out of a request before it was sent. Told once for each kind; a value
 * that is still in the history of a conversation counts in every request of it.
 *
 * @param client the client
 * @param kind what kind of value, such as {@code email}, or the name of a pattern
 * @param count how many places of the request were replaced
 * @since 0.1.0
 */
public record PromptRedacted(String client, String kind, int count) implements GrokEvent {

}
