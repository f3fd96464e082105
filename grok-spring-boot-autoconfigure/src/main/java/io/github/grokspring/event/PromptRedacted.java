package io.github.grokspring.event;

/**
 * Published for each kind of value that was replaced in a request before it was sent. A
 * value in the history of a conversation counts for every request that contains it.
 *
 * @param client the name of the client
 * @param kind the kind of value, such as {@code email}, or the name of a pattern
 * @param count the number of replacements
 * @since 0.1.0
 */
public record PromptRedacted(String client, String kind, int count) implements GrokEvent {

}
