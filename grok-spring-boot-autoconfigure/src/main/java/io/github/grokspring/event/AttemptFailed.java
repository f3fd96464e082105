package io.github.grokspring.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call failed.
 *
 * @param client the client
 * @param model the model that was asked
 * @param attempt which attempt it was, 1 for the first
 * @param reason the kind of failure in lower case, such as {@code rate_limited}
 * @param delay how long is waited until the next attempt, or {@code null} when there is
 * none
 * @param sent whether the request may have reached xAI; {@code false} if no connection
 * was made or the request could not be written
 * @since 0.1.0
 */
public record AttemptFailed(String client, String model, int attempt, String reason, @Nullable Duration delay,
		boolean sent) implements GrokEvent {

	/**
	 * Create an event for an attempt that may have reached xAI.
	 * @param client the client
	 * @param model the model that was asked
	 * @param attempt which attempt it was, 1 for the first
	 * @param reason the kind of failure in lower case
	 * @param delay how long is waited until the next attempt, or {@code null}
	 */
	public AttemptFailed(String client, String model, int attempt, String reason, @Nullable Duration delay) {
		this(client, model, attempt, reason, delay, true);
	}

}
