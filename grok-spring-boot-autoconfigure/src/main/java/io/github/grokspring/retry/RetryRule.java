package io.github.grokspring.retry;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;

import org.springframework.util.Assert;

/**
 * Whether a request that failed is sent again; {@link Backoff} says when. Implementations
 * are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RetryRule {

	/**
	 * Decide about a failure.
	 * @param failure the failure of the last attempt
	 * @param attempts how many attempts failed, this one included; at least 1
	 * @return whether there may be another one
	 */
	boolean allows(GrokApiException failure, int attempts);

	/**
	 * Nothing is sent again.
	 * @return the rule
	 */
	static RetryRule never() {
		return (failure, attempts) -> false;
	}

	/**
	 * Whatever is {@linkplain GrokApiException#isRetryable() worth it} is sent again, any
	 * number of times.
	 * @return the rule
	 */
	static RetryRule retryable() {
		return (failure, attempts) -> failure.isRetryable();
	}

	/**
	 * A request is sent again when it will be another one: what xAI refused about it (a
	 * parameter, encrypted reasoning, the endpoint) is left out or changed from now on,
	 * so that a failure which never is worth a retry by its kind has become so. It is
	 * worth an attempt at once, and so little of a burden that nobody has to wait or pay
	 * for it.
	 * @return the rule
	 */
	static RetryRule changedRequest() {
		return (failure, attempts) -> failure.isRetryable() && switch (failure.kind()) {
			case UNSUPPORTED_PARAMETER, UNDECRYPTABLE_REASONING, INVALID_REQUEST, MODEL_NOT_FOUND -> true;
			default -> false;
		};
	}

	/**
	 * Tells the failures of a connection that was lost when the request may have reached
	 * xAI already, and may be billed.
	 * @return the test
	 */
	static Predicate<GrokApiException> lostConnection() {
		return (failure) -> failure.kind() == ErrorKind.CONNECTION && failure.isSent();
	}

	/**
	 * This rule, with a limit for failures of every kind.
	 * @param maxAttempts how often a request is sent, the first time included
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts) {
		Assert.isTrue(maxAttempts > 0, "'maxAttempts' must be at least 1");
		return (failure, attempts) -> attempts < maxAttempts && allows(failure, attempts);
	}

	/**
	 * This rule, with a limit for failures of some kinds. Attempts that failed in another
	 * way count too: what is limited is how often a request is sent until it fails like
	 * this.
	 * @param maxAttempts how often a request is sent, the first time included
	 * @param first a kind of failure
	 * @param more further kinds
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts, ErrorKind first, ErrorKind... more) {
		Set<ErrorKind> kinds = EnumSet.of(first, more);
		return atMost(maxAttempts, (failure) -> kinds.contains(failure.kind()));
	}

	/**
	 * This rule, with a limit for some failures. Attempts that failed in another way
	 * count too.
	 * @param maxAttempts how often a request is sent, the first time included
	 * @param limited which failures, such as {@link #lostConnection()}
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts, Predicate<GrokApiException> limited) {
		RetryRule limit = atMost(maxAttempts);
		return (failure, attempts) -> (limited.test(failure) ? limit : this).allows(failure, attempts);
	}

	/**
	 * What this rule or another one allows.
	 * @param other the other rule
	 * @return the rule
	 */
	default RetryRule or(RetryRule other) {
		return (failure, attempts) -> allows(failure, attempts) || other.allows(failure, attempts);
	}

	/**
	 * What this rule and another one allow.
	 * @param other the other rule
	 * @return the rule
	 */
	default RetryRule and(RetryRule other) {
		return (failure, attempts) -> allows(failure, attempts) && other.allows(failure, attempts);
	}

}
