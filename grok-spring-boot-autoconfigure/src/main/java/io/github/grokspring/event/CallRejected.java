package io.github.grokspring.event;

/**
 * A call was refused by this application. Nothing of it was sent, or nothing more.
 *
 * @param client the client
 * @param model the model that was asked
 * @param reason {@code circuit_open}, {@code rate_limit_exceeded},
 * {@code budget_exceeded}, {@code budget_store}, {@code context_overflow},
 * {@code unsupported_parameter}, {@code unpriced_model}, {@code redaction},
 * {@code invalid_request}, {@code missing_api_key}, {@code invalid_api_key}, another
 * exception named like these, or {@code other}
 * @since 0.1.0
 */
public record CallRejected(String client, String model, String reason) implements GrokEvent {

}
