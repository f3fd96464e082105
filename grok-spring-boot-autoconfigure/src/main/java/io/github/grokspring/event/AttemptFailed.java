package io.github.grokspring.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Published when an attempt of a call fails.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param attempt the number of the attempt within the call, starting at 1
 * @param reason the kind of failure in lower case, such as {@code rate_limited}
 * @param delay the delay before the next attempt, or {@code null} if there is none
 * @param sent whether the request may have reached xAI; {@code false} if no connection
 * was established or the request could not be written
 * @param callId the ID of the call, shared by all of its attempts
 * @param requestId the ID that xAI assigned to the request, or {@code null} if unknown
 * @param conversationId the conversation ID that was sent to xAI, or {@code null} if none
 * was sent
 * @since 0.1.0
 */
public record AttemptFailed(String client, String model, int attempt, String reason, @Nullable Duration delay,
		boolean sent, String callId, @Nullable String requestId, @Nullable String conversationId) implements GrokEvent {

}
