package io.github.grokspring.chain;

import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;

/**
 * Identifies one attempt of a call. Transports record the conversation and request ids.
 * <p>
 * Thread-safe.
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
	 * Returns the id of the call, which all of its attempts share.
	 * @return the id
	 */
	public String callId() {
		return this.call.id();
	}

	/**
	 * Returns the number of the attempt within the call, including retries and fallbacks.
	 * @return the number, starting at 1
	 */
	public int number() {
		return this.number;
	}

	/**
	 * Returns the conversation id as sent to xAI.
	 * @return the id, or {@code null} if none is sent
	 */
	public @Nullable String conversationId() {
		return this.conversationId;
	}

	/**
	 * Returns the request id of xAI.
	 * @return the id, or {@code null} if it is not known
	 */
	public @Nullable String requestId() {
		return this.requestId;
	}

	/**
	 * Records that a request is about to be sent.
	 * @param conversationId the conversation id as sent, or {@code null}
	 */
	public void recordRequest(@Nullable String conversationId) {
		this.conversationId = conversationId;
		this.requestId = null;
	}

	/**
	 * Records the request id from the response headers.
	 * @param requestId the id, or {@code null} if the response has none
	 */
	public void recordResponse(@Nullable String requestId) {
		this.requestId = (requestId != null) ? LogSanitizer.sanitize(requestId) : null;
	}

	/**
	 * Ends the attempt. Further activity of the call belongs to another attempt.
	 */
	public void end() {
		this.ended = true;
	}

	/**
	 * Ends the attempt with a failure. A call that the application itself rejects is not
	 * an attempt, so its number is reused.
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
