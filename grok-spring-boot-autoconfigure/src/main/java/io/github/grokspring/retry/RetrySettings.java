package io.github.grokspring.retry;

import java.time.Duration;
import java.time.InstantSource;

import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.chain.TimeSource;

import org.springframework.retry.support.RetryTemplate;
import org.springframework.util.Assert;

/**
 * Settings of retries. Calls with the same settings share the budget.
 *
 * @param rule whether to retry
 * @param backoff the delay before a retry
 * @param budget the limit of all retries together
 * @param maxTotalWait maximum total delay per call
 * @param sleeper how to wait
 * @since 0.1.0
 */
public record RetrySettings(RetryRule rule, Backoff backoff, RetryBudget budget, Duration maxTotalWait,
		Sleeper sleeper) {

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if {@code maxTotalWait} is negative
	 */
	public RetrySettings {
		Assert.isTrue(!maxTotalWait.isNegative(), "'maxTotalWait' must not be negative");
	}

	/**
	 * Creates a template for calls to xAI outside of this library. It understands
	 * {@link io.github.grokspring.error.GrokApiException} and the exceptions of
	 * {@code RestClient}, {@code RestTemplate}, {@code WebClient}, the HTTP client of the
	 * JDK, OpenAI's SDK and Spring AI: status, {@code Retry-After} and network failures.
	 * Calls that a {@code ChatModel} of this library has already retried are not retried
	 * again. The template throws the exception of the last attempt; if interrupted while
	 * waiting, it throws a {@link io.github.grokspring.error.GrokException} and preserves
	 * the interrupt status.
	 * @return a new template
	 */
	public RetryTemplate template() {
		return template(TimeSource.system());
	}

	RetryTemplate template(InstantSource clock) {
		return new SpringRetryAdapter(this, new ExceptionTranslator(clock)::translate).template();
	}

}
