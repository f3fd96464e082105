package io.github.grokspring.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * The attempts of one call: the thinking that calls, streams and templates share. Used by
 * one thread after the other.
 */
final class RetryState {

	private static final Log logger = LogFactory.getLog(RetryState.class);

	private static final RetryRule CHANGED_REQUEST = RetryRule.changedRequest();

	private final RetrySettings retries;

	private final Function<Throwable, @Nullable GrokApiException> reading;

	private final Observer observer;

	private final List<Throwable> failures = new ArrayList<>(0);

	private int failed;

	private int waits;

	private Duration waited = Duration.ZERO;

	private @Nullable Duration delay = Duration.ZERO;

	private boolean answering;

	/**
	 * Begin a call.
	 * @param retries what decides
	 * @param reading what a failure means, {@code null} for one that is none of our
	 * business
	 * @param observer is told of every attempt that failed
	 */
	RetryState(RetrySettings retries, Function<Throwable, @Nullable GrokApiException> reading, Observer observer) {
		this.retries = retries;
		this.reading = reading;
		this.observer = observer;
	}

	/**
	 * The attempt that is under way, 1 for the first.
	 */
	int number() {
		return this.failed + 1;
	}

	/**
	 * The caller has seen a part of the answer, so that it can not be begun anew.
	 */
	void answering() {
		this.answering = true;
	}

	boolean isAnswering() {
		return this.answering;
	}

	void succeeded() {
		this.retries.budget().succeeded();
	}

	/**
	 * Decide what becomes of a call whose attempt failed.
	 * @param failure why it failed
	 * @return how long to wait until the next attempt, {@code null} if there is none
	 */
	@Nullable Duration failed(Throwable failure) {
		this.failures.add(failure);
		GrokApiException read = this.reading.apply(failure);
		if (read == null) {
			this.delay = null;
			return null;
		}
		this.failed++;
		this.delay = this.answering ? null : next(read);
		String reason = read.kind().name().toLowerCase(Locale.ROOT);
		if (logger.isDebugEnabled()) {
			logger.debug("Attempt " + this.failed + " failed (" + reason + "), " + ((this.delay != null)
					? "the next one comes in " + this.delay.toMillis() + " ms" : "there is no other one"));
		}
		this.observer.attemptFailed(read, reason, this.delay);
		return this.delay;
	}

	/**
	 * Whether there is an attempt to be made.
	 */
	boolean isGoingOn() {
		return this.delay != null;
	}

	/**
	 * Wait on the calling thread until the next attempt.
	 * @throws GrokException if the thread is interrupted, which it stays
	 */
	void await() {
		if (this.delay == null || this.delay.isZero()) {
			return;
		}
		try {
			this.retries.sleeper().sleep(this.delay);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new GrokException("Interrupted while waiting to ask xAI again");
		}
	}

	/**
	 * What the caller gets when there is no other attempt.
	 * @param last how the call ended
	 * @return the same, with the number of attempts if there were several, and with the
	 * earlier failures suppressed
	 */
	Throwable outcome(Throwable last) {
		List<Throwable> earlier = this.failures.stream().filter((failure) -> failure != last).toList();
		if (earlier.isEmpty()) {
			return last;
		}
		Throwable outcome = (last instanceof GrokApiException ours) ? counted(ours) : last;
		earlier.forEach(outcome::addSuppressed);
		return outcome;
	}

	private @Nullable Duration next(GrokApiException failure) {
		if (!this.retries.rule().allows(failure, this.failed)) {
			return null;
		}
		if (CHANGED_REQUEST.allows(failure, this.failed)) {
			return Duration.ZERO;
		}
		Duration next = wait(failure);
		if (next == null || !this.retries.budget().takeRetry()) {
			return null;
		}
		this.waits++;
		this.waited = this.waited.plus(next);
		return next;
	}

	private @Nullable Duration wait(GrokApiException failure) {
		Duration left = this.retries.maxTotalWait().minus(this.waited);
		Duration minimum = this.retries.backoff().minimum(failure);
		if (minimum.compareTo(left) > 0) {
			return null;
		}
		// On top, so that those who were told to wait equally long do not come back
		// together
		Duration wanted = minimum.plus(this.retries.backoff().delay(failure, this.waits + 1));
		if (wanted.compareTo(left) <= 0) {
			return wanted;
		}
		// Our own wait may be shorter, that of the server may not
		return left.isZero() ? null : left;
	}

	private GrokApiException counted(GrokApiException last) {
		GrokApiException counted = last.mutate(last.getMessage() + " It was tried " + this.failed + " times.")
			.attempts(this.failed)
			.build();
		counted.setStackTrace(last.getStackTrace());
		for (Throwable suppressed : last.getSuppressed()) {
			counted.addSuppressed(suppressed);
		}
		return counted;
	}

	/**
	 * Is told of attempts that failed.
	 */
	@FunctionalInterface
	interface Observer {

		/**
		 * An attempt failed.
		 * @param failure how it failed
		 * @param reason the kind of failure in lower case
		 * @param delay how long is waited until the next one, {@code null} if there is
		 * none
		 */
		void attemptFailed(GrokApiException failure, String reason, @Nullable Duration delay);

	}

}
