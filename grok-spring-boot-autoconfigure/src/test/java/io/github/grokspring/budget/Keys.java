package io.github.grokspring.budget;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.Stream;

import io.github.grokspring.budget.BudgetStore.Claim;

/**
 * Keys and claims as tests need them.
 */
final class Keys {

	static final Instant NOON = Instant.parse("2026-11-21T12:00:00Z");

	private Keys() {
	}

	static BudgetKey daily(String budget) {
		return daily(budget, NOON);
	}

	static BudgetKey daily(String budget, Instant instant) {
		return new BudgetKey(budget, "all", BudgetWindow.DAY.periodAt(instant, ZoneId.of("UTC")), BudgetScope.ALL);
	}

	static BudgetKey always(String budget, String scope) {
		return new BudgetKey(budget, scope, BudgetPeriod.ALWAYS, BudgetScope.TENANT);
	}

	static List<Claim> asking(long ticks, List<Claim> claims) {
		return claims.stream().map((claim) -> new Claim(claim.key(), claim.limit(), ticks)).toList();
	}

	static List<Claim> upTo(long limit, BudgetKey... keys) {
		return Stream.of(keys).map((key) -> new Claim(key, limit, 0)).toList();
	}

}
