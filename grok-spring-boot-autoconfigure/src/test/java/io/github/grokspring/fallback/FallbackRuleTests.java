package io.github.grokspring.fallback;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Set;

import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link FallbackRule} and {@link FallbackReason}.
 */
class FallbackRuleTests {

	private static final BudgetExceededException.Amounts NOTHING_LEFT = new BudgetExceededException.Amounts(
			BigDecimal.ONE, BigDecimal.ONE, BigDecimal.ZERO, BigDecimal.ONE);

	private final FallbackRule all = FallbackRule.on(EnumSet.allOf(FallbackReason.class));

	@ParameterizedTest
	@EnumSource
	void eachErrorKindIsAReason(ErrorKind kind) {
		GrokApiException failure = GrokApiException.builder(kind, "failed").build();
		FallbackReason reason = FallbackReason.valueOf(kind.name());
		assertThat(this.all.reasonFor(failure)).isEqualTo(reason);
		assertThat(FallbackRule.on(Set.of(reason)).reasonFor(failure)).isEqualTo(reason);
		assertThat(FallbackRule.on(EnumSet.complementOf(EnumSet.of(reason))).reasonFor(failure)).isNull();
	}

	@Test
	void rejectionsByTheApplicationAreReasons() {
		assertThat(this.all.reasonFor(new CircuitOpenException("grok-4.3", Instant.EPOCH, "open")))
			.isEqualTo(FallbackReason.CIRCUIT_OPEN);
		assertThat(this.all.reasonFor(new RateLimitExceededException("tokens", Duration.ZERO, "no room")))
			.isEqualTo(FallbackReason.RATE_LIMIT_EXCEEDED);
		assertThat(this.all.reasonFor(new BudgetExceededException("team", "all", NOTHING_LEFT, null, "nothing left")))
			.isEqualTo(FallbackReason.BUDGET_EXCEEDED);
		assertThat(this.all.reasonFor(new ContextOverflowException("grok-4.7", 500_000, 600_000, 0, "too long")))
			.isEqualTo(FallbackReason.CONTEXT_TOO_LONG);
	}

	@ParameterizedTest
	@EnumSource(value = ErrorKind.class, names = { "CONNECTION", "STREAM_BROKEN" })
	void connectionsClosedByTheApplicationAreNoReason(ErrorKind kind) {
		assertThat(this.all.reasonFor(GrokApiException.builder(kind, "closed").retryable(false).build())).isNull();
	}

	@Test
	void otherExceptionsAreNoReason() {
		assertThat(this.all.reasonFor(new GrokException("Interrupted"))).isNull();
		assertThat(this.all.reasonFor(new IllegalStateException("broken"))).isNull();
	}

}
