package io.github.grokspring.event;

/**
 * xAI refused a parameter that the catalogue allows; from now on it is left out for this
 * model.
 *
 * @param client the client
 * @param model the model that was asked
 * @param parameter its name in the spelling of the request
 * @since 0.1.0
 */
public record ParameterLearned(String client, String model, String parameter) implements GrokEvent {

}
