package io.github.grokspring.retry;

import java.time.Duration;
import java.time.InstantSource;

import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.chain.TimeSource;

import org.springframework.retry.support.RetryTemplate;
import org.springframework.util.Assert;

/**
 * All that decides about retries. Calls that share it share its budget.
 *
 * @param rule whether there is another attempt
 * @param backoff how long is waited before it
 * @param budget what all calls together may spend on retries
 * @param maxTotalWait what the waits of one call may last together
 * @param sleeper how to wait
 * @since 0.1.0
 */
public record RetrySettings(RetryRule rule, Backoff backoff, RetryBudget budget, Duration maxTotalWait,
		Sleeper sleeper) {

	/**
	 * Put together what decides.
	 * @throws IllegalArgumentException if the total wait is negative
	 */
	public RetrySettings {
		Assert.isTrue(!maxTotalWait.isNegative(), "'maxTotalWait' must not be negative");
	}

	/**
	 * Create a template that retries calls to xAI that do not go through a client.
	 * Besides {@link io.github.grokspring.error.GrokApiException}s it understands the
	 * exceptions of {@code RestClient}, {@code RestTemplate}, {@code WebClient}, the HTTP
	 * client of the JDK, OpenAI's SDK and Spring AI: status, {@code Retry-After} and
	 * failures of the network. What a {@code ChatModel} of ours has retried already is
	 * not retried once more. The template throws the exception of the last attempt; a
	 * thread that is interrupted while it waits gets a
	 * {@link io.github.grokspring.error.GrokException} and stays interrupted.
	 * @return a new template
	 */
	public RetryTemplate template() {
		return template(TimeSource.system());
	}

	RetryTemplate template(InstantSource clock) {
		return new SpringRetryAdapter(this, new ExceptionTranslator(clock)::read).template();
	}

}
