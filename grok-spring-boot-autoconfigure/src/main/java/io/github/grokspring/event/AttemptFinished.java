package io.github.grokspring.event;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * One attempt of a call ended, in whatever way.
 *
 * @param client the client
 * @param model the model that was asked
 * @param api the endpoint, {@code chat-completions} or {@code responses}
 * @param outcome {@code success}, {@code cancelled}, or the kind of failure in lower case
 * @param duration how long it took
 * @param timeToFirstToken how long a stream took until there was content, {@code null} if
 * there was none, or no stream
 * @param serverTimeToFirstToken the same as measured by xAI, if it says
 * @param serverDuration how long it took as measured by xAI, if it says
 * @param callId the id of the call, the same for all of its attempts
 * @param attempt the number of the attempt within the call, 1 for the first; one that
 * this application refused itself has the number of the next
 * @param requestId the id of the request at xAI, {@code null} if it is not known
 * @param conversationId the id of the conversation as it is sent to xAI, {@code null} if
 * none is sent
 * @since 0.1.0
 */
public record AttemptFinished(String client, String model, String api, String outcome, Duration duration,
		@Nullable Duration timeToFirstToken, @Nullable Duration serverTimeToFirstToken,
		@Nullable Duration serverDuration, String callId, int attempt, @Nullable String requestId,
		@Nullable String conversationId) implements GrokEvent {

}
