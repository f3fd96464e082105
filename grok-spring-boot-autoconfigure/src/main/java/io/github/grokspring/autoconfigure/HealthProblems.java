package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.grokspring.actuate.HealthProblem;
import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetScope;
import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.OnExceeded;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.retry.CircuitBreakerStatus;
import io.github.grokspring.retry.CircuitBreakers;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.ObjectProvider;

/**
 * Problems of this application that prevent calls. The exhausted budget of a tenant is
 * not one of them, because it does not affect other tenants.
 *
 * @param breakers the circuit breakers, if there are any
 * @param budgets the budgets, if there are any
 * @param limits the supplier of the rate limits, if there are any
 */
record HealthProblems(ObjectProvider<CircuitBreakers> breakers, ObjectProvider<Budgets> budgets,
		Supplier<@Nullable RateLimits> limits) {

	private static final Log logger = LogFactory.getLog(HealthProblems.class);

	List<HealthProblem> current() {
		return Stream
			.concat(this.breakers.stream().flatMap(HealthProblems::openCircuitBreakers),
					this.budgets.stream().flatMap(HealthProblems::exhaustedBudgets))
			.toList();
	}

	/**
	 * Returns notices about conditions that do not prevent all calls.
	 */
	Map<String, String> notices() {
		Map<String, String> notices = new LinkedHashMap<>();
		long ticks = this.budgets.stream().mapToLong(Budgets::unsettledTicks).sum();
		if (ticks > 0) {
			notices.put("unsettled", UsdFormat.format(ticks) + " USD spent, but not yet recorded by the budget store");
		}
		RateLimits limits = this.limits.get();
		if (limits != null) {
			String paused = limits.status()
				.models()
				.stream()
				.filter((model) -> model.pausedUntil() != null)
				.map((model) -> LogSanitizer.sanitize(model.model()) + " until " + model.pausedUntil())
				.collect(Collectors.joining(", "));
			if (!paused.isEmpty()) {
				notices.put("paused",
						"no requests are sent to " + paused + ", because xAI rate-limited a request (429)");
			}
		}
		return notices;
	}

	private static Stream<HealthProblem> openCircuitBreakers(CircuitBreakers breakers) {
		return breakers.statuses()
			.stream()
			.filter((status) -> status.state() == CircuitBreakerStatus.State.OPEN)
			.map((status) -> new HealthProblem("circuit-breaker", status.name(), status.until(),
					"Wait, or set 'grok.fallback.models' to models that are used instead."));
	}

	private static Stream<HealthProblem> exhaustedBudgets(Budgets budgets) {
		List<String> rejecting = budgets.budgets()
			.stream()
			.filter((budget) -> budget.onExceeded() != OnExceeded.WARN && budget.scope() != BudgetScope.TENANT)
			.map(Budget::name)
			.toList();
		if (rejecting.isEmpty()) {
			return Stream.empty();
		}
		List<BudgetStatus> statuses;
		try {
			statuses = budgets.status();
		}
		catch (Exception ex) {
			logger.warn("Failed to read the status of budgets: " + ex);
			return Stream.of(new HealthProblem("budget-store", String.join(", ", rejecting), null,
					"Check the budget store. Calls that cannot be counted are rejected."));
		}
		return statuses.stream()
			.filter((status) -> status.exhausted() && rejecting.contains(status.budget()))
			.map((status) -> new HealthProblem("budget", name(status), status.resetsAt(),
					"Wait for the next window, or increase 'grok.budgets." + status.budget() + ".limit'."));
	}

	private static String name(BudgetStatus status) {
		return (status.scope() == BudgetScope.ALL) ? status.budget() : status.budget() + ":" + status.scopeValue();
	}

}
