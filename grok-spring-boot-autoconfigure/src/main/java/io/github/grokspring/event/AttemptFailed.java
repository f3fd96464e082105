package io.github.grokspring.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call failed.
 *
 * @param client the client
 * @param model the model that was asked
 * @param attempt the number of the attempt within the call, 1 for the first
 * @param reason the kind of failure in lower case, such as {@code rate_limited}
 * @param delay how long is waited until the next attempt, or {@code null} when there is
 * none
 * @param sent whether the request may have reached xAI; {@code false} if no connection
 * was made or the request could not be written
 * @param callId the id of the call, the same for all of its attempts
 * @param requestId the id of the request at xAI, {@code null} if it is not known
 * @param conversationId the id of the conversation as it is sent to xAI, {@code null} if
 * none is sent
 * @since 0.1.0
 */
public record AttemptFailed(String client, String model, int attempt, String reason, @Nullable Duration delay,
		boolean sent, String callId, @Nullable String requestId, @Nullable String conversationId) implements GrokEvent {

}
