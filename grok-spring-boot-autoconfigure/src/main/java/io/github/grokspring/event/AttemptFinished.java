package io.github.grokspring.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Published when an attempt of a call ends, whether it succeeded, failed or was
 * cancelled.
 *
 * @param client the name of the client
 * @param model the requested model
 * @param api the endpoint, {@code chat-completions} or {@code responses}
 * @param outcome {@code success}, {@code cancelled}, or the kind of failure in lower case
 * @param duration the duration of the attempt
 * @param timeToFirstToken the time until a stream delivered content, or {@code null} if
 * it delivered none or the call was not streamed
 * @param serverTimeToFirstToken the time to first token as reported by xAI, or
 * {@code null}
 * @param serverDuration the duration as reported by xAI, or {@code null}
 * @param callId the ID of the call, shared by all of its attempts
 * @param attempt the number of the attempt within the call, starting at 1; an attempt
 * that this application rejected has the number of the next one
 * @param requestId the ID that xAI assigned to the request, or {@code null} if unknown
 * @param conversationId the conversation ID that was sent to xAI, or {@code null} if none
 * was sent
 * @since 0.1.0
 */
public record AttemptFinished(String client, String model, String api, String outcome, Duration duration,
		@Nullable Duration timeToFirstToken, @Nullable Duration serverTimeToFirstToken,
		@Nullable Duration serverDuration, String callId, int attempt, @Nullable String requestId,
		@Nullable String conversationId) implements GrokEvent {

}
