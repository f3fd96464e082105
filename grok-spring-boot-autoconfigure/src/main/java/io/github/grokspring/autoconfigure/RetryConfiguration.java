package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.Sleeper;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.retry.Backoff;
import io.github.grokspring.retry.RetryBudget;
import io.github.grokspring.retry.RetryRule;
import io.github.grokspring.retry.RetrySettings;
import io.github.grokspring.retry.RetryingChatModel;
import org.jspecify.annotations.Nullable;

import org.springframework.aot.hint.MemberCategory;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.annotation.Order;
import org.springframework.retry.support.RetryTemplate;

/**
 * Configuration of retries: a stage of each client, and a template for other calls. Both
 * use the same rule, back-off and budget.
 */
@Configuration(proxyBeanMethods = false)
@ConditionalOnClass(RetryTemplate.class)
@EnableConfigurationProperties(GrokRetryProperties.class)
@ImportRuntimeHints(RetryConfiguration.Hints.class)
class RetryConfiguration {

	static final String DECORATOR = "grokRetryDecorator";

	static final String TEMPLATE = "grokRetryTemplate";

	@Bean
	@ConditionalOnMissingBean
	RetryRule grokRetryRule(GrokRetryProperties properties) {
		if (!properties.enabled()) {
			return RetryRule.changedRequest().atMost(2);
		}
		return RetryRule.retryable()
			.atMost(properties.serverErrorMaxAttempts(), ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED,
					ErrorKind.STREAM_BROKEN)
			.atMost(properties.serverErrorMaxAttempts(), RetryRule.lostConnection())
			.atMost(properties.timeoutMaxAttempts(), ErrorKind.TIMEOUT)
			.atMost(properties.maxAttempts());
	}

	@Bean
	@ConditionalOnMissingBean
	Backoff grokBackoff(GrokRetryProperties properties) {
		Backoff backoff = Backoff.exponential(properties.initialInterval(), properties.multiplier(),
				properties.maxInterval());
		if (properties.jitter() == GrokRetryProperties.Jitter.FULL) {
			backoff = backoff.withFullJitter(() -> ThreadLocalRandom.current().nextLong());
		}
		return properties.respectRetryAfter() ? backoff.respectingRetryAfter() : backoff;
	}

	@Bean
	@ConditionalOnMissingBean
	RetryBudget grokRetryBudget(GrokRetryProperties properties) {
		GrokRetryProperties.Budget budget = properties.budget();
		return budget.enabled() ? RetryBudget.ofTokens(budget.tokens(), budget.retryCost(), budget.successRefund())
				: RetryBudget.unlimited();
	}

	@Bean
	@ConditionalOnMissingBean
	Sleeper grokWaiting() {
		return Sleeper.system();
	}

	@Bean
	@ConditionalOnMissingBean
	RetrySettings grokRetries(GrokRetryProperties properties, RetryRule rule, Backoff backoff, RetryBudget budget,
			Sleeper sleeper) {
		return new RetrySettings(rule, backoff, budget, properties.maxTotalWait(), sleeper);
	}

	@Bean(DECORATOR)
	@Order(0)
	@ConditionalOnMissingBean(name = DECORATOR)
	ChatModelDecorator grokRetryDecorator(RetrySettings retries, GrokEventPublisher events) {
		return RetryingChatModel.decorator(retries, events.listener());
	}

	@Bean(name = TEMPLATE, defaultCandidate = false)
	@ConditionalOnMissingBean(name = TEMPLATE)
	RetryTemplate grokRetryTemplate(RetrySettings retries) {
		return retries.template();
	}

	/**
	 * Reads exceptions of other clients by the names of their methods.
	 */
	static final class Hints implements RuntimeHintsRegistrar {

		private static final List<String> TYPES = List.of("org.springframework.web.client.RestClientResponseException",
				"org.springframework.web.reactive.function.client.WebClientResponseException",
				"org.springframework.http.HttpHeaders", "org.springframework.http.HttpStatusCode",
				"com.openai.errors.OpenAIServiceException", "com.openai.core.http.Headers");

		@Override
		public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
			TYPES.forEach((type) -> hints.reflection()
				.registerTypeIfPresent(classLoader, type, MemberCategory.INVOKE_PUBLIC_METHODS));
		}

	}

}
