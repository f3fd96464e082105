package io.github.grokspring.event;

/**
 * Published when this application rejects a call before it sends a request or a further
 * request to xAI.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param reason {@code circuit_open}, {@code rate_limit_exceeded},
 * {@code budget_exceeded}, {@code budget_store}, {@code context_overflow},
 * {@code unsupported_parameter}, {@code unpriced_model}, {@code redaction},
 * {@code invalid_request}, {@code missing_api_key}, {@code invalid_api_key}, the name of
 * another exception in the same form, or {@code other}
 * @since 0.1.0
 */
public record CallRejected(String client, String model, String reason) implements GrokEvent {

}
