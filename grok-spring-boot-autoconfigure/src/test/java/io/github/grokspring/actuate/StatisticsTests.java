package io.github.grokspring.actuate;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.CostRecorded;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpendStatistics} and {@link ErrorStatistics}.
 */
class StatisticsTests {

	private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

	private final AtomicReference<Instant> now = new AtomicReference<>(NOON);

	private final InstantSource clock = this.now::get;

	private final SpendStatistics spend = new SpendStatistics(this.clock);

	private final ErrorStatistics errors = new ErrorStatistics(this.clock);

	@Test
	void newDayStartsAtZero() {
		this.spend.onEvent(cost("default", "grok-4.3", 25_000_000_000L, NOON));
		this.now.set(Instant.parse("2026-11-21T00:00:00Z"));
		GrokDescriptor.Spend read = this.spend.snapshot();
		assertThat(read.since()).isEqualTo(NOON);
		assertThat(read.date()).isEqualTo(LocalDate.parse("2026-11-21"));
		assertThat(read.today().usd()).isEqualTo("0.00");
		assertThat(read.total().usd()).isEqualTo("2.50");
		this.spend.onEvent(cost("default", "grok-4.3", 1, this.now.get()));
		assertThat(this.spend.snapshot().today().usd()).isEqualTo("0.0000000001");
		assertThat(this.spend.snapshot().total().usd()).isEqualTo("2.5000000001");
	}

	@Test
	void lateCostIsAddedToItsDay() {
		this.now.set(Instant.parse("2026-11-21T00:00:00Z"));
		this.spend.onEvent(cost("default", "grok-4.3", 10_000_000_000L, this.now.get()));
		this.spend.onEvent(cost("default", "grok-4.3", 10_000_000_000L, NOON));
		assertThat(this.spend.snapshot().today().usd()).isEqualTo("1.00");
		assertThat(this.spend.snapshot().total().usd()).isEqualTo("2.00");
	}

	@Test
	void sortsByCost() {
		this.spend.onEvent(cost("a", "grok-4.3", 1, NOON));
		this.spend.onEvent(cost("b", "grok-4.7", 2, NOON));
		assertThat(this.spend.snapshot().clients()).extracting(GrokDescriptor.ClientSpend::client)
			.containsExactly("b", "a");
	}

	@Test
	void sumsUpModelsAboveLimit() {
		for (int i = 0; i < 2 * SpendStatistics.MAX_ROWS; i++) {
			this.spend.onEvent(cost("default", "model-" + i, 10_000_000_000L, NOON));
		}
		GrokDescriptor.Spend read = this.spend.snapshot();
		assertThat(read.clients()).hasSize(SpendStatistics.MAX_ROWS + 1);
		assertThat(read.clients().get(0).model()).isEqualTo("other");
		assertThat(read.total().usd()).isEqualTo(2 * SpendStatistics.MAX_ROWS + ".00");
	}

	@Test
	void countsFailuresByKindLatestFirst() {
		this.errors.onEvent(finished("rate_limited", "grok-4.3"));
		this.errors.onEvent(finished("success", "grok-4.3"));
		this.errors.onEvent(finished("cancelled", "grok-4.3"));
		this.now.set(NOON.plusSeconds(1));
		this.errors.onEvent(finished("timeout", "grok-4.3"));
		this.now.set(NOON.plusSeconds(2));
		this.errors.onEvent(finished("rate_limited", "grok-4.7"));
		assertThat(this.errors.snapshot()).containsExactly(
				new GrokDescriptor.Failure("rate_limited", 2, NOON.plusSeconds(2), "default", "grok-4.7"),
				new GrokDescriptor.Failure("timeout", 1, NOON.plusSeconds(1), "default", "grok-4.3"));
	}

	@Test
	void countsRejectionsByReason() {
		this.errors.onEvent(new CallRejected("fast", "grok-4.3", "circuit_open"));
		this.errors.onEvent(new CallRejected("fast", "grok-4.7", "circuit_open"));
		assertThat(this.errors.snapshot())
			.containsExactly(new GrokDescriptor.Failure("circuit_open", 2, NOON, "fast", "grok-4.7"));
	}

	@Test
	void countsRejectedAttemptOnce() {
		this.errors.onEvent(finished("unsupported_parameter", "grok-4.7"));
		this.errors.onEvent(new CallRejected("default", "grok-4.7", "unsupported_parameter"));
		assertThat(this.errors.snapshot()).extracting(GrokDescriptor.Failure::count).containsExactly(1L);
	}

	private static CostRecorded cost(String client, String model, long ticks, Instant at) {
		return new CostRecorded(client, model, model, 1, 2, 3, 4, 5, Map.of(), ticks, ticks, 0, "reported", false, null,
				at, "call-1", 1, null, null);
	}

	private static AttemptFinished finished(String outcome, String model) {
		return new AttemptFinished("default", model, "responses", outcome, Duration.ofSeconds(1), null, null, null,
				"call-1", 1, null, null);
	}

}
