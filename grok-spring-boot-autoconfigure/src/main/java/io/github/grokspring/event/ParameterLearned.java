package io.github.grokspring.event;

/**
 * Published when xAI rejected a parameter that the catalogue allows. The parameter is
 * omitted from further requests to the model.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param parameter the name of the parameter as in the request
 * @since 0.1.0
 */
public record ParameterLearned(String client, String model, String parameter) implements GrokEvent {

}
