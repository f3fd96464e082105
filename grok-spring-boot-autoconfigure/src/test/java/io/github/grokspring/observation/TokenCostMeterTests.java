package io.github.grokspring.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.ModelRedirected;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link TokenCostMeter}.
 */
class TokenCostMeterTests {

	private static final Offset<Double> EXACT = Offset.offset(1e-12);

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final TokenCostMeter meter = new TokenCostMeter(this.registry);

	@Test
	void timesAttemptsByOutcome() {
		this.meter.onEvent(finished("success", Duration.ofMillis(300), null));
		this.meter.onEvent(finished("success", Duration.ofMillis(500), null));
		this.meter.onEvent(finished("overloaded", Duration.ofMillis(100), null));
		assertThat(this.registry.get("grok.client.requests")
			.tags("client", "default", "model", "grok-4.3", "api", "chat-completions", "outcome", "success")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(800);
		assertThat(this.registry.get("grok.client.requests").tags("outcome", "overloaded").timer().count()).isOne();
	}

	@Test
	void timesFirstTokenOfStreamsWithContent() {
		this.meter.onEvent(finished("success", Duration.ofMillis(300), null));
		assertThat(this.registry.find("grok.client.time.to.first.token").timer()).isNull();
		this.meter.onEvent(finished("success", Duration.ofMillis(300), Duration.ofMillis(120)));
		assertThat(this.registry.get("grok.client.time.to.first.token")
			.tags("client", "default", "model", "grok-4.3")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(120);
	}

	@Test
	void tokenTypesAreDisjoint() {
		this.meter.onEvent(recorded("reported", 1_000_000, 1_000_000));
		this.meter.onEvent(recorded("reported", 1_000_000, 1_000_000));
		assertThat(tokens("input")).isEqualTo(2 * (12 + 256));
		assertThat(tokens("cached_input")).isEqualTo(2 * 192);
		assertThat(tokens("output")).isEqualTo(2);
		assertThat(tokens("reasoning")).isEqualTo(2 * 82);
		assertThat(this.registry.get("grok.client.tokens").meters()).hasSize(4);
	}

	@Test
	void countsCostInUsdBySource() {
		this.meter.onEvent(recorded("reported", 5_000_000_000L, 5_000_000_000L));
		this.meter.onEvent(recorded("reported", 12_500, 12_500));
		this.meter.onEvent(recorded("table", 20_000_000_000L, 20_000_000_000L));
		this.meter.onEvent(recorded("none", 0, -1));
		assertThat(cost("reported").count()).isEqualTo(0.50000125, EXACT);
		assertThat(cost("table").count()).isEqualTo(2);
		assertThat(cost("none").count()).isZero();
		assertThat(cost("reported").getId().getBaseUnit()).isEqualTo("usd");
	}

	@Test
	void recordsDriftInPercent() {
		this.meter.onEvent(recorded("reported", 110, 100));
		this.meter.onEvent(recorded("reported", 80, 100));
		this.meter.onEvent(recorded("reported", 80, -1));
		this.meter.onEvent(recorded("table", 100, 100));
		assertThat(this.registry.get("grok.client.cost.drift").tags("model", "grok-4.3").summary().count())
			.isEqualTo(2);
		assertThat(this.registry.get("grok.client.cost.drift").summary().totalAmount()).isEqualTo(10.0 + 20.0, EXACT);
		assertThat(this.registry.get("grok.client.cost.drift.balance").tags("model", "grok-4.3").gauge().value())
			.isEqualTo(-10e-10, within(1e-20));
	}

	@Test
	void countsToolCallsWithoutFetchedItems() {
		this.meter.onEvent(recorded("reported", 100, 100));
		this.meter.onEvent(recorded("reported", 100, 100));
		assertThat(this.registry.get("grok.client.tools.calls")
			.tags("client", "default", "tool", "web_search")
			.counter()
			.count()).isEqualTo(4);
		assertThat(this.registry.get("grok.client.tools.calls").meters()).hasSize(1);
	}

	@Test
	void countsSavingsOfPromptCache() {
		this.meter.onEvent(recorded("reported", 100, 100));
		Counter saved = this.registry.get("grok.client.cache.saved")
			.tags("client", "default", "by", "prompt-cache")
			.counter();
		assertThat(saved.count()).isEqualTo(0.0002016, EXACT);
		assertThat(saved.getId().getBaseUnit()).isEqualTo("usd");
	}

	@Test
	void limitsModelAndToolNames() {
		for (int i = 0; i < 1000; i++) {
			this.meter.onEvent(new CostRecorded("default", "m", "model-" + i, 1, 0, 0, 1, 0, Map.of("tool-" + i, 1L), 1,
					1, 0, "reported", false, null, Instant.EPOCH, "call-1", 1, null, null));
		}
		assertThat(this.registry.get("grok.client.cost").meters()).hasSizeLessThanOrEqualTo(101);
		assertThat(this.registry.get("grok.client.tools.calls").meters()).hasSizeLessThanOrEqualTo(101);
		assertThat(this.registry.get("grok.client.cost").tags("model", "other").counter().count()).isPositive();
	}

	@Test
	void ignoresOtherEvents() {
		this.meter.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void metersMatchDeclarations() {
		this.meter.onEvent(finished("success", Duration.ofMillis(300), Duration.ofMillis(120)));
		this.meter.onEvent(recorded("reported", 110, 100));
		for (Meter measured : this.registry.getMeters()) {
			Meter.Id id = measured.getId();
			GrokMeter meter = meter(id.getName());
			assertThat(id.getTags()).extracting("key").containsExactlyInAnyOrderElementsOf(meter.tags());
			assertThat(id.getDescription()).isEqualTo(meter.description());
			if (meter.baseUnit() != null) {
				assertThat(id.getBaseUnit()).isEqualTo(meter.baseUnit());
			}
		}
		assertThat(this.registry.getMeters()).extracting((measured) -> measured.getId().getName())
			.containsOnly("grok.client.requests", "grok.client.time.to.first.token", "grok.client.tokens",
					"grok.client.cost", "grok.client.cost.drift", "grok.client.cost.drift.balance",
					"grok.client.tools.calls", "grok.client.cache.saved");
	}

	private static GrokMeter meter(String id) {
		for (GrokMeter meter : GrokMeter.values()) {
			if (meter.id().equals(id)) {
				return meter;
			}
		}
		throw new AssertionError("Not among the meters of this library: " + id);
	}

	private double tokens(String type) {
		return this.registry.get("grok.client.tokens")
			.tags("client", "default", "model", "grok-4.3", "type", type)
			.counter()
			.count();
	}

	private Counter cost(String source) {
		return this.registry.get("grok.client.cost")
			.tags("client", "default", "model", "grok-4.3", "source", source)
			.counter();
	}

	private static AttemptFinished finished(String outcome, Duration duration, Duration timeToFirstToken) {
		return new AttemptFinished("default", "grok-4.3", "chat-completions", outcome, duration, timeToFirstToken, null,
				null, "call-1", 1, null, null);
	}

	private static CostRecorded recorded(String source, long ticks, long tableTicks) {
		return new CostRecorded("default", "grok-4", "grok-4.3", 12, 192, 256, 1, 82,
				Map.of("web_search", 2L, "x_posts_fetched", 30L), ticks, tableTicks, 192 * 10_500, source, false, null,
				Instant.EPOCH, "call-1", 1, null, null);
	}

}
