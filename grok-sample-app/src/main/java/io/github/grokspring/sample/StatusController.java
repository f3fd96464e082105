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
 * How things stand, for the panel of the page. What the application does not have is left
 * out.
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
	 * The health of Grok where an indicator looks after it, else of the application.
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
	 * How things stand.
	 *
	 * @param health a status of Spring Boot
	 * @param budgets what was spent
	 * @param limits what is under way
	 * @param breakers which models are left alone
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Status(@Nullable String health, List<Spend> budgets, @Nullable Limits limits, List<Breaker> breakers) {

	}

	/**
	 * How a budget stands, in US dollars, as text so that no digit gets lost.
	 *
	 * @param name name of the budget
	 * @param scope whose limit it is
	 * @param limit how much may be spent
	 * @param used how much was spent
	 * @param reserved how much calls under way may spend
	 * @param resetsAt when it begins anew
	 * @param exhausted whether there is no more room
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
	 * What is under way, and what may be.
	 *
	 * @param active requests under way
	 * @param queued requests that wait
	 * @param maxConcurrent requests that may be under way, 0 for any number
	 * @param models the same by model
	 */
	record Limits(int active, int queued, int maxConcurrent, List<Model> models) {

		static Limits of(RateLimitStatus status) {
			return new Limits(status.active(), status.queued(), status.maxConcurrent(),
					status.models().stream().map(Model::of).toList());
		}

		/**
		 * What a model still takes within the minute, where that is limited.
		 *
		 * @param model the model
		 * @param remainingRequests requests
		 * @param remainingTokens tokens
		 * @param pausedUntil until when it is not asked because it refused a request
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
	 * Whether a model is left alone.
	 *
	 * @param client who asks
	 * @param model who is asked
	 * @param state whether requests are sent
	 * @param failureRate share of failures in percent
	 * @param until until when nothing is sent
	 */
	@JsonInclude(JsonInclude.Include.NON_NULL)
	record Breaker(String client, String model, CircuitBreakerStatus.State state, @Nullable Double failureRate,
			@Nullable Instant until) {

		static Breaker of(CircuitBreakerStatus status) {
			return new Breaker(status.client(), status.model(), status.state(), status.failureRate(), status.until());
		}

	}

}
