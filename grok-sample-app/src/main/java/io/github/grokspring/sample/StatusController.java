package io.github.grokspring.sample;

import java.time.Instant;
import java.util.List;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.ratelimit.ModelRateLimits;
import io.github.grokspring.ratelimit.RateLimitStatus;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.health.actuate.endpoint.HealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/**
 * Status for the panel of the page. Missing features are omitted.
 */
@RestController
class StatusController {

	private final ObjectProvider<HealthEndpoint> health;

	private final ObjectProvider<Budgets> budgets;

	private final ObjectProvider<RateLimits> limits;

	private final ObjectProvider<CircuitBreakers> breakers;

	StatusController(ObjectProvider<HealthEndpoint> health, ObjectProvider<Budgets> budgets,
			ObjectProvider<RateLimits> limits, ObjectProvider<CircuitBreakers> breakers) {
		this.health = health;
		this.budgets = budgets;
		this.limits = limits;
		this.breakers = breakers;
	}

	@GetMapping("/api/status")
	Status status() {
		Budgets budgets = this.budgets.getIfAvailable();
		RateLimits limits = this.limits.getIfAvailable();
		CircuitBreakers breakers = this.breakers.getIfAvailable();
		return new Status(health(), (budgets != null) ? budgets.status().stream().map(Spend::of).toList() : List.of(),
				(limits != null) ? Limits.of(limits.status()) : null,
				(breakers != null) ? breakers.statuses().stream().map(Breaker::of).toList() : List.of());
	}

	/**
	 * Returns the health of Grok if it has an indicator, otherwise that of the
	 * application.
	 */
	private @Nullable String health() {
		HealthEndpoint endpoint = this.health.getIfAvailable();
		if (endpoint == null) {
			return null;
		}
		HealthDescriptor grok = endpoint.healthForPath("grok");
		return ((grok != null) ? grok : endpoint.health()).getStatus().getCode();
	}

	/**
	 * Status of the application.
	 *
	 * @param health health status
	 * @param budgets status of the budgets
	 * @param limits status of the rate limits
	 * @param breakers status of the circuit breakers
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Status(@Nullable String health, List<Spend> budgets, @Nullable Limits limits, List<Breaker> breakers) {

	}

	/**
	 * Status of a budget, in US dollars, as text to keep all digits.
	 *
	 * @param name name of the budget
	 * @param scope value of the scope
	 * @param limit limit
	 * @param used used amount
	 * @param reserved amount reserved for calls in progress
	 * @param resetsAt time of the next reset
	 * @param exhausted whether the budget is exhausted
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Spend(String name, String scope, String limit, String used, String reserved, @Nullable Instant resetsAt,
			boolean exhausted) {

		static Spend of(BudgetStatus status) {
			return new Spend(status.budget(), status.scopeValue(), status.limit().toPlainString(),
					status.used().toPlainString(), status.reserved().toPlainString(), status.resetsAt(),
					status.exhausted());
		}

	}

	/**
	 * Status of the rate limits.
	 *
	 * @param active number of active requests
	 * @param queued number of waiting requests
	 * @param maxConcurrent maximum number of concurrent requests, 0 for unlimited
	 * @param models status by model
	 */
	record Limits(int active, int queued, int maxConcurrent, List<Model> models) {

		static Limits of(RateLimitStatus status) {
			return new Limits(status.active(), status.queued(), status.maxConcurrent(),
					status.models().stream().map(Model::of).toList());
		}

		/**
		 * Status of the limits of a model.
		 *
		 * @param model the model
		 * @param remainingRequests remaining requests per minute
		 * @param remainingTokens remaining tokens per minute
		 * @param pausedUntil end of the cooldown after a rejection
		 */
		@JsonInclude(JsonInclude.Include.NON_NULL)
		record Model(String model, @Nullable Long remainingRequests, @Nullable Long remainingTokens,
				@Nullable Instant pausedUntil) {

			static Model of(ModelRateLimits limits) {
				return new Model(limits.model(), limits.remainingRequests(), limits.remainingTokens(),
						limits.pausedUntil());
			}

		}

	}

	/**
	 * Status of a circuit breaker.
	 *
	 * @param client name of the client
	 * @param model the model
	 * @param state state of the circuit breaker
	 * @param failureRate failure rate in percent
	 * @param until time until which nothing is sent
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Breaker(String client, String model, CircuitBreakerStatus.State state, @Nullable Double failureRate,
			@Nullable Instant until) {

		static Breaker of(CircuitBreakerStatus status) {
			return new Breaker(status.client(), status.model(), status.state(), status.failureRate(), status.until());
		}

	}

}
