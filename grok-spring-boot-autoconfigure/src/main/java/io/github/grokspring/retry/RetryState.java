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
 * State of the retries of one call, shared by calls, streams and templates. Used by one
 * thread at a time.
 */
final class RetryState {

	private static final Log logger = LogFactory.getLog(RetryState.class);

	private static final RetryRule CHANGED_REQUEST = RetryRule.changedRequest();

	private final RetrySettings settings;

	// Returns null for exceptions that are not retried
	private final Function<Throwable, @Nullable GrokApiException> translator;

	private final Listener listener;

	private final List<Throwable> failures = new ArrayList<>(0);

	private int failedAttempts;

	private int delays;

	private Duration totalDelay = Duration.ZERO;

	private @Nullable Duration delay = Duration.ZERO;

	private boolean responseStarted;

	RetryState(RetrySettings settings, Function<Throwable, @Nullable GrokApiException> translator, Listener listener) {
		this.settings = settings;
		this.translator = translator;
		this.listener = listener;
	}

	// From 1
	int attempt() {
		return this.failedAttempts + 1;
	}

	/**
	 * Rules out retries because the caller has received a part of the response.
	 */
	void markResponseStarted() {
		this.responseStarted = true;
	}

	boolean isResponseStarted() {
		return this.responseStarted;
	}

	void onSuccess() {
		this.settings.budget().onSuccess();
	}

	/**
	 * Records a failed attempt and decides about the next one.
	 * @return the delay before the next attempt, or {@code null} if there is none
	 */
	@Nullable Duration onError(Throwable failure) {
		this.failures.add(failure);
		GrokApiException translated = this.translator.apply(failure);
		if (translated == null) {
			this.delay = null;
			return null;
		}
		this.failedAttempts++;
		this.delay = this.responseStarted ? null : nextDelay(translated);
		String reason = translated.kind().name().toLowerCase(Locale.ROOT);
		if (logger.isDebugEnabled()) {
			logger.debug("Attempt " + this.failedAttempts + " failed (" + reason + "), "
					+ ((this.delay != null) ? "retrying in " + this.delay.toMillis() + " ms" : "not retrying"));
		}
		this.listener.onFailedAttempt(translated, reason, this.delay);
		return this.delay;
	}

	boolean hasNextAttempt() {
		return this.delay != null;
	}

	void sleep() {
		if (this.delay == null || this.delay.isZero()) {
			return;
		}
		try {
			this.settings.sleeper().sleep(this.delay);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new GrokException("Interrupted while waiting for the next attempt");
		}
	}

	/**
	 * Returns the failure for the caller: the last one, with the number of attempts and
	 * the earlier failures as suppressed exceptions.
	 */
	Throwable toFailure(Throwable last) {
		List<Throwable> earlier = this.failures.stream().filter((failure) -> failure != last).toList();
		if (earlier.isEmpty()) {
			return last;
		}
		Throwable result = (last instanceof GrokApiException apiFailure) ? withAttempts(apiFailure) : last;
		earlier.forEach(result::addSuppressed);
		return result;
	}

	private @Nullable Duration nextDelay(GrokApiException failure) {
		if (!this.settings.rule().allows(failure, this.failedAttempts)) {
			return null;
		}
		if (CHANGED_REQUEST.allows(failure, this.failedAttempts)) {
			return Duration.ZERO;
		}
		Duration next = delay(failure);
		if (next == null || !this.settings.budget().tryAcquireRetry()) {
			return null;
		}
		this.delays++;
		this.totalDelay = this.totalDelay.plus(next);
		return next;
	}

	private @Nullable Duration delay(GrokApiException failure) {
		Duration remaining = this.settings.maxTotalWait().minus(this.totalDelay);
		Duration minimum = this.settings.backoff().minimum(failure);
		if (minimum.compareTo(remaining) > 0) {
			return null;
		}
		// Added to the minimum, so that calls with the same Retry-After are not repeated
		// together
		Duration preferred = minimum.plus(this.settings.backoff().delay(failure, this.delays + 1));
		if (preferred.compareTo(remaining) <= 0) {
			return preferred;
		}
		return remaining.isZero() ? null : remaining;
	}

	private GrokApiException withAttempts(GrokApiException last) {
		GrokApiException counted = last
			.mutate(last.getMessage() + " Gave up after " + this.failedAttempts + " attempts.")
			.attempts(this.failedAttempts)
			.build();
		counted.setStackTrace(last.getStackTrace());
		for (Throwable suppressed : last.getSuppressed()) {
			counted.addSuppressed(suppressed);
		}
		return counted;
	}

	@FunctionalInterface
	interface Listener {

		void onFailedAttempt(GrokApiException failure, String reason, @Nullable Duration delay);

	}

}
