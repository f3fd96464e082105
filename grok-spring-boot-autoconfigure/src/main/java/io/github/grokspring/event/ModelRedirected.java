package io.github.grokspring.event;

/**
 * Published when a model other than the requested one responded.
 *
 * @param client the name of the client
 * @param requested the requested model
 * @param served the model that responded
 * @since 0.1.0
 */
public record ModelRedirected(String client, String requested, String served) implements GrokEvent {

}
