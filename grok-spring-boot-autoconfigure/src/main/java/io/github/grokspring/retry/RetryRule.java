package io.github.grokspring.retry;

import java.util.EnumSet;
import java.util.Set;
import java.util.function.Predicate;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;

import org.springframework.util.Assert;

/**
 * Strategy that decides whether a failed request is sent again; {@link Backoff} decides
 * when. Implementations are safe for use by several threads.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface RetryRule {

	/**
	 * Returns whether another attempt is allowed.
	 * @param failure the failure of the last attempt
	 * @param attempts the number of failed attempts, at least 1
	 * @return whether the request may be sent again
	 */
	boolean allows(GrokApiException failure, int attempts);

	/**
	 * Creates a rule that allows no retry.
	 * @return the rule
	 */
	static RetryRule never() {
		return (failure, attempts) -> false;
	}

	/**
	 * Creates a rule that allows any number of retries of
	 * {@linkplain GrokApiException#isRetryable() retryable} failures.
	 * @return the rule
	 */
	static RetryRule retryable() {
		return (failure, attempts) -> failure.isRetryable();
	}

	/**
	 * Creates a rule for requests that differ in the next attempt: what xAI rejected (a
	 * parameter, encrypted reasoning, the endpoint) is removed or changed, which makes a
	 * failure retryable whose kind is not. Such a retry has no delay and does not count
	 * against the {@link RetryBudget}.
	 * @return the rule
	 */
	static RetryRule changedRequest() {
		return (failure, attempts) -> failure.isRetryable() && switch (failure.kind()) {
			case UNSUPPORTED_PARAMETER, UNDECRYPTABLE_REASONING, INVALID_REQUEST, MODEL_NOT_FOUND -> true;
			default -> false;
		};
	}

	/**
	 * Creates a predicate for connections that were lost after the request may have
	 * reached xAI, which may bill it.
	 * @return the predicate
	 */
	static Predicate<GrokApiException> lostConnection() {
		return (failure) -> failure.kind() == ErrorKind.CONNECTION && failure.isSent();
	}

	/**
	 * Returns this rule with a limit for all failures.
	 * @param maxAttempts the maximum number of attempts, including the first
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts) {
		Assert.isTrue(maxAttempts > 0, "'maxAttempts' must be at least 1");
		return (failure, attempts) -> attempts < maxAttempts && allows(failure, attempts);
	}

	/**
	 * Returns this rule with a limit for some kinds of failures. Attempts with other
	 * failures count as well.
	 * @param maxAttempts the maximum number of attempts, including the first
	 * @param first a kind of failure
	 * @param more further kinds
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts, ErrorKind first, ErrorKind... more) {
		Set<ErrorKind> kinds = EnumSet.of(first, more);
		return atMost(maxAttempts, (failure) -> kinds.contains(failure.kind()));
	}

	/**
	 * Returns this rule with a limit for some failures. Attempts with other failures
	 * count as well.
	 * @param maxAttempts the maximum number of attempts, including the first
	 * @param limited the failures to limit, such as {@link #lostConnection()}
	 * @return the rule
	 */
	default RetryRule atMost(int maxAttempts, Predicate<GrokApiException> limited) {
		RetryRule limit = atMost(maxAttempts);
		return (failure, attempts) -> (limited.test(failure) ? limit : this).allows(failure, attempts);
	}

	/**
	 * Returns a rule that allows what this rule or another one allows.
	 * @param other the other rule
	 * @return the rule
	 */
	default RetryRule or(RetryRule other) {
		return (failure, attempts) -> allows(failure, attempts) || other.allows(failure, attempts);
	}

	/**
	 * Returns a rule that allows what this rule and another one allow.
	 * @param other the other rule
	 * @return the rule
	 */
	default RetryRule and(RetryRule other) {
		return (failure, attempts) -> allows(failure, attempts) && other.allows(failure, attempts);
	}

}
