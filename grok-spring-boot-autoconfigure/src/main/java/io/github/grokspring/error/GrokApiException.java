package io.github.grokspring.error;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when xAI rejects a call, or when a call fails on the way to xAI or back.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class GrokApiException extends GrokException {

	/**
	 * {@linkplain #code() Code} for a response that exceeded
	 * {@code grok.http.max-response-size}.
	 */
	public static final String RESPONSE_TOO_LARGE = "response-too-large";

	private final ErrorKind kind;

	private final int status;

	private final @Nullable String code;

	private final @Nullable String requestId;

	private final @Nullable Duration retryAfter;

	private final @Nullable String parameter;

	private final @Nullable String parameterValue;

	private final int attempts;

	private final boolean retryable;

	private final boolean sent;

	private final boolean causedByApplication;

	private final @Nullable ReachedLimit limit;

	private GrokApiException(Builder builder) {
		super(builder.message, builder.cause, !builder.sent);
		this.kind = builder.kind;
		this.status = builder.status;
		this.code = builder.code;
		this.requestId = builder.requestId;
		this.retryAfter = builder.retryAfter;
		this.parameter = builder.parameter;
		this.parameterValue = builder.parameterValue;
		this.attempts = builder.attempts;
		this.limit = builder.limit;
		this.sent = builder.sent;
		this.causedByApplication = builder.causedByApplication;
		this.retryable = (builder.retryable != null) ? builder.retryable : builder.kind.isRetryable();
	}

	/**
	 * Creates a builder.
	 * @param kind the kind of failure
	 * @param message what happened and what to do, without key, prompt or response
	 * @return a new builder
	 */
	public static Builder builder(ErrorKind kind, String message) {
		return new Builder(kind, message);
	}

	/**
	 * Returns the kind of failure.
	 * @return the kind
	 */
	public ErrorKind kind() {
		return this.kind;
	}

	/**
	 * Returns the HTTP status of the response. An error may have status 200, for example
	 * in a stream.
	 * @return the status, or 0 if there was no response
	 */
	public int status() {
		return this.status;
	}

	/**
	 * Returns xAI's error code, such as {@code invalid-argument}, or
	 * {@link #RESPONSE_TOO_LARGE}. Do not rely on xAI's codes: they have changed before.
	 * @return the code, or {@code null} if there was none
	 */
	public @Nullable String code() {
		return this.code;
	}

	/**
	 * Returns the ID that xAI assigned to the request ({@code x-request-id}).
	 * @return the request ID, or {@code null} if unknown
	 */
	public @Nullable String requestId() {
		return this.requestId;
	}

	/**
	 * Returns the delay that the server requested ({@code Retry-After}), without an upper
	 * limit.
	 * @return the delay, or {@code null} if the server requested none
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/**
	 * Returns the name of the rejected parameter as in the request, such as
	 * {@code presence_penalty}.
	 * @return the name, or {@code null} if no parameter was rejected
	 */
	public @Nullable String parameter() {
		return this.parameter;
	}

	/**
	 * Returns the rejected value of a parameter that the model otherwise supports.
	 * @return the value, an empty string if xAI did not name it, or {@code null} if no
	 * value was rejected
	 */
	public @Nullable String parameterValue() {
		return this.parameterValue;
	}

	/**
	 * Returns the rate limit of xAI that was reached.
	 * @return the limit, or {@code null} if no limit was reached or xAI gave no numbers
	 */
	public @Nullable ReachedLimit limit() {
		return this.limit;
	}

	/**
	 * Returns whether the call should be retried. This depends on the kind, unless the
	 * server asked for or against a retry, the next request will be different, or the
	 * client is closed.
	 * @return {@code true} if the call should be retried
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

	/**
	 * Returns whether the request may have reached xAI and may have been billed.
	 * @return {@code false} if no connection was established or the request could not be
	 * written
	 */
	public boolean isSent() {
		return this.sent;
	}

	/**
	 * Returns whether this application caused the failure: the call had a shorter timeout
	 * of its own, no pooled connection became available, or the subscriber was too slow.
	 * Circuit breakers ignore such failures.
	 * @return {@code true} if the application caused the failure
	 */
	public boolean isCausedByApplication() {
		return this.causedByApplication;
	}

	/**
	 * Creates a builder with the properties of this exception.
	 * @param message the message of the new exception
	 * @return a new builder
	 */
	public Builder mutate(String message) {
		return new Builder(this.kind, message).status(this.status)
			.code(this.code)
			.requestId(this.requestId)
			.retryAfter(this.retryAfter)
			.parameter(this.parameter)
			.parameterValue(this.parameterValue)
			.limit(this.limit)
			.attempts(this.attempts)
			.retryable(this.retryable)
			.sent(this.sent)
			.causedByApplication(this.causedByApplication)
			.cause(getCause());
	}

	/**
	 * Returns the number of attempts, including the first one.
	 * @return the number of attempts, at least 1
	 */
	public int attempts() {
		return this.attempts;
	}

	/**
	 * Builder for {@link GrokApiException}. Not thread-safe.
	 */
	public static final class Builder {

		private final ErrorKind kind;

		private final String message;

		private @Nullable Throwable cause;

		private int status;

		private @Nullable String code;

		private @Nullable String requestId;

		private @Nullable Duration retryAfter;

		private @Nullable String parameter;

		private @Nullable String parameterValue;

		private @Nullable ReachedLimit limit;

		private int attempts = 1;

		private @Nullable Boolean retryable;

		private boolean sent = true;

		private boolean causedByApplication;

		private Builder(ErrorKind kind, String message) {
			this.kind = kind;
			this.message = message;
		}

		/**
		 * Sets the cause.
		 * @param cause the cause
		 * @return this builder
		 */
		public Builder cause(@Nullable Throwable cause) {
			this.cause = cause;
			return this;
		}

		/**
		 * Sets the HTTP status.
		 * @param status the status, or 0 for none
		 * @return this builder
		 */
		public Builder status(int status) {
			this.status = status;
			return this;
		}

		/**
		 * Sets the error code.
		 * @param code the code
		 * @return this builder
		 */
		public Builder code(@Nullable String code) {
			this.code = code;
			return this;
		}

		/**
		 * Sets the request ID.
		 * @param requestId the value of {@code x-request-id}
		 * @return this builder
		 */
		public Builder requestId(@Nullable String requestId) {
			this.requestId = requestId;
			return this;
		}

		/**
		 * Sets the delay that the server requested.
		 * @param retryAfter the delay
		 * @return this builder
		 */
		public Builder retryAfter(@Nullable Duration retryAfter) {
			this.retryAfter = retryAfter;
			return this;
		}

		/**
		 * Sets the rejected parameter.
		 * @param parameter the name as in the request
		 * @return this builder
		 */
		public Builder parameter(@Nullable String parameter) {
			this.parameter = parameter;
			return this;
		}

		/**
		 * Sets the rejected value.
		 * @param parameterValue the value, or an empty string if unknown
		 * @return this builder
		 */
		public Builder parameterValue(@Nullable String parameterValue) {
			this.parameterValue = parameterValue;
			return this;
		}

		/**
		 * Sets the rate limit that was reached.
		 * @param limit the limit
		 * @return this builder
		 */
		public Builder limit(@Nullable ReachedLimit limit) {
			this.limit = limit;
			return this;
		}

		/**
		 * Sets whether the call should be retried.
		 * @param retryable whether to retry, or {@code null} for the default of the kind
		 * @return this builder
		 */
		public Builder retryable(@Nullable Boolean retryable) {
			this.retryable = retryable;
			return this;
		}

		/**
		 * Sets whether the request may have reached xAI, {@code true} by default.
		 * @param sent whether the request may have been sent
		 * @return this builder
		 */
		public Builder sent(boolean sent) {
			this.sent = sent;
			return this;
		}

		/**
		 * Sets whether this application caused the failure.
		 * @param causedByApplication whether the application is the cause
		 * @return this builder
		 */
		public Builder causedByApplication(boolean causedByApplication) {
			this.causedByApplication = causedByApplication;
			return this;
		}

		/**
		 * Sets the number of attempts.
		 * @param attempts the number of attempts, including the first one
		 * @return this builder
		 */
		public Builder attempts(int attempts) {
			this.attempts = attempts;
			return this;
		}

		/**
		 * Builds the exception.
		 * @return the exception
		 */
		public GrokApiException build() {
			return new GrokApiException(this);
		}

	}

}
