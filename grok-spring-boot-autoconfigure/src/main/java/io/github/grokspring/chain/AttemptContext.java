package io.github.grokspring.chain;

import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one attempt of a call. Transports add what they send and receive. Safe for
 * use by several threads.
 *
 * @since 0.1.0
 */
public final class AttemptContext {

	private final CallContext call;

	private final int number;

	private volatile @Nullable String conversationId;

	private volatile @Nullable String requestId;

	private volatile boolean ended;

	AttemptContext(CallContext call, int number) {
		this.call = call;
		this.number = number;
	}

	/**
	 * Returns the id of the call, the same for all of its attempts.
	 * @return the id
	 */
	public String callId() {
		return this.call.id();
	}

	/**
	 * Returns the number of the attempt within the call, retries and fallbacks included.
	 * @return the number, 1 for the first
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Returns the id of the conversation as it is sent to xAI.
	 * @return the id, or {@code null} if none is sent
	 */
	public @Nullable String conversationId() {
		return this.conversationId;
	}

	/**
	 * Returns the id of the request at xAI.
	 * @return the id, or {@code null} if it is not known
	 */
	public @Nullable String requestId() {
		return this.requestId;
	}

	/**
	 * Notes that a request is about to be sent.
	 * @param conversationId the id of the conversation as it is sent, or {@code null} for
	 * none
	 */
	public void recordRequest(@Nullable String conversationId) {
		this.conversationId = conversationId;
		this.requestId = null;
	}

	/**
	 * Sets the id of the request, which comes with the headers of the response.
	 * @param requestId the id, or {@code null} if the response has none
	 */
	public void recordResponse(@Nullable String requestId) {
		this.requestId = (requestId != null) ? LogSanitizer.sanitize(requestId) : null;
	}

	/**
	 * Ends the attempt, so that what follows in the call is another one.
	 */
	public void end() {
		this.ended = true;
	}

	/**
	 * Ends the attempt with a failure. What this application refuses itself is no
	 * attempt, so that its number is used again.
	 * @param failure the failure
	 */
	public void fail(Throwable failure) {
		if (failure instanceof GrokApiException exception) {
			if (this.requestId == null) {
				recordResponse(exception.requestId());
			}
			end();
		}
		else if (!(failure instanceof GrokException)) {
			end();
		}
	}

	boolean isEnded() {
		return this.ended;
	}

}
