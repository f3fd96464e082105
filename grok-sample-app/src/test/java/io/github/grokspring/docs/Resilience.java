package io.github.grokspring.docs;

import java.util.function.Supplier;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.retry.RetryRule;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.retry.support.RetryTemplate;

/**
 * Code of {@code docs/resilience.md}.
 */
final class Resilience {

	private Resilience() {
	}

	static class Batches {

		private final RetryTemplate retryTemplate;

		Batches(@Qualifier("grokRetryTemplate") RetryTemplate retryTemplate) {
			this.retryTemplate = retryTemplate;
		}

		String state(Supplier<String> request) {
			return this.retryTemplate.execute((context) -> request.get());
		}

	}

	interface Shop {

		boolean isOpen();

	}

	@Configuration(proxyBeanMethods = false)
	static class Patience {

		@Bean
		RetryRule patientAtNight(Shop shop) {
			RetryRule atNight = RetryRule.retryable().atMost(3, ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED).atMost(8);
			return (failure, attempts) -> !shop.isOpen() && atNight.allows(failure, attempts);
		}

	}

}
