package io.github.grokspring.error;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * A call that xAI refused, or that failed on its way. Immutable but for what every
 * {@link Throwable} lets be added.
 *
 * @since 0.1.0
 */
@SuppressWarnings("serial")
public final class GrokApiException extends GrokException {

	/**
	 * The {@linkplain #code() code} of a response that was stopped because it became
	 * larger than {@code grok.http.max-response-size}.
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
	 * Start an exception.
	 * @param kind the kind of failure
	 * @param message what happened and what to do; without key, prompt and answer
	 * @return a builder
	 */
	public static Builder builder(ErrorKind kind, String message) {
		return new Builder(kind, message);
	}

	/**
	 * The kind of failure.
	 * @return the kind
	 */
	public ErrorKind kind() {
		return this.kind;
	}

	/**
	 * The HTTP status of the answer. An error may come under 200, even on a stream.
	 * @return the status, or 0 when there was no answer
	 */
	public int status() {
		return this.status;
	}

	/**
	 * The code that xAI gave, such as {@code invalid-argument}, or
	 * {@link #RESPONSE_TOO_LARGE}. The vocabulary has changed before and is not to be
	 * relied on.
	 * @return the code, or {@code null} when there was none
	 */
	public @Nullable String code() {
		return this.code;
	}

	/**
	 * The id under which xAI knows the request ({@code x-request-id}).
	 * @return the request id, or {@code null} when there was none
	 */
	public @Nullable String requestId() {
		return this.requestId;
	}

	/**
	 * How long the server asked to wait ({@code Retry-After}), not capped.
	 * @return the wait, or {@code null} when the server did not ask for one
	 */
	public @Nullable Duration retryAfter() {
		return this.retryAfter;
	}

	/**
	 * The parameter that was refused, in the spelling of the request
	 * ({@code presence_penalty}).
	 * @return the parameter, or {@code null} when the failure is not about one
	 */
	public @Nullable String parameter() {
		return this.parameter;
	}

	/**
	 * The value that was refused, when the parameter is known but this value of it is
	 * not.
	 * @return the value, empty when xAI did not name it, or {@code null} when no value
	 * was refused
	 */
	public @Nullable String parameterValue() {
		return this.parameterValue;
	}

	/**
	 * The limit of xAI that was reached, if xAI told which.
	 * @return the limit, or {@code null} when the failure is not about one or xAI gave no
	 * numbers
	 */
	public @Nullable ReachedLimit limit() {
		return this.limit;
	}

	/**
	 * Whether this failure is worth another attempt. That is what its kind says, unless
	 * there is something better to go by: the server asked for or against it, the request
	 * is going to be changed, or there is nobody left to send it.
	 * @return {@code true} if a retry is worth its price
	 */
	public boolean isRetryable() {
		return this.retryable;
	}

	/**
	 * Whether the request may have reached xAI, and so may count there.
	 * @return {@code false} if it certainly has not, because no connection was made or
	 * the request could not be written
	 */
	public boolean isSent() {
		return this.sent;
	}

	/**
	 * Whether this application and not xAI is the cause: the call has a shorter timeout
	 * of its own, no connection of the pool became free, or the subscriber was too slow.
	 * Circuit breakers do not count such failures.
	 * @return {@code true} if it says nothing about xAI
	 */
	public boolean isCausedByApplication() {
		return this.causedByApplication;
	}

	/**
	 * A builder that holds everything of this exception, for one that differs.
	 * @param message the message of the new exception
	 * @return a builder
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
	 * How many times the request was sent until this failure, the first try included.
	 * @return the number of attempts, at least 1
	 */
	public int attempts() {
		return this.attempts;
	}

	/**
	 * Builder for {@link GrokApiException}. Not safe for use by several threads.
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
		 * Set the cause.
		 * @param cause what led to the failure
		 * @return this builder
		 */
		public Builder cause(@Nullable Throwable cause) {
			this.cause = cause;
			return this;
		}

		/**
		 * Set the HTTP status.
		 * @param status the status, 0 for none
		 * @return this builder
		 */
		public Builder status(int status) {
			this.status = status;
			return this;
		}

		/**
		 * Set xAI's code.
		 * @param code the code
		 * @return this builder
		 */
		public Builder code(@Nullable String code) {
			this.code = code;
			return this;
		}

		/**
		 * Set the request id.
		 * @param requestId the value of {@code x-request-id}
		 * @return this builder
		 */
		public Builder requestId(@Nullable String requestId) {
			this.requestId = requestId;
			return this;
		}

		/**
		 * Set the wait that the server asked for.
		 * @param retryAfter the wait
		 * @return this builder
		 */
		public Builder retryAfter(@Nullable Duration retryAfter) {
			this.retryAfter = retryAfter;
			return this;
		}

		/**
		 * Set the refused parameter.
		 * @param parameter its name in the request
		 * @return this builder
		 */
		public Builder parameter(@Nullable String parameter) {
			this.parameter = parameter;
			return this;
		}

		/**
		 * Set the refused value.
		 * @param parameterValue the value of the parameter, empty if it is not known
		 * @return this builder
		 */
		public Builder parameterValue(@Nullable String parameterValue) {
			this.parameterValue = parameterValue;
			return this;
		}

		/**
		 * Set the limit that was reached.
		 * @param limit the limit, {@code null} for none
		 * @return this builder
		 */
		public Builder limit(@Nullable ReachedLimit limit) {
			this.limit = limit;
			return this;
		}

		/**
		 * Set whether another attempt is worth its price, against what the kind says.
		 * @param retryable whether it is, {@code null} for what the kind says
		 * @return this builder
		 */
		public Builder retryable(@Nullable Boolean retryable) {
			this.retryable = retryable;
			return this;
		}

		/**
		 * Set whether the request may have reached xAI.
		 * @param sent {@code false} if it certainly has not
		 * @return this builder
		 */
		public Builder sent(boolean sent) {
			this.sent = sent;
			return this;
		}

		/**
		 * Set whether this application and not xAI is the cause.
		 * @param causedByApplication whether the failure says nothing about xAI
		 * @return this builder
		 */
		public Builder causedByApplication(boolean causedByApplication) {
			this.causedByApplication = causedByApplication;
			return this;
		}

		/**
		 * Set the number of attempts.
		 * @param attempts how many times the request was sent
		 * @return this builder
		 */
		public Builder attempts(int attempts) {
			this.attempts = attempts;
			return this;
		}

		/**
		 * Create the exception.
		 * @return the exception
		 */
		public GrokApiException build() {
			return new GrokApiException(this);
		}

	}

}
