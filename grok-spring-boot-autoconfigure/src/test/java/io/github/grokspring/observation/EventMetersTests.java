package io.github.grokspring.observation;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.CallRejected;
import io.github.grokspring.event.FallbackTaken;
import io.github.grokspring.event.ModelRedirected;
import io.github.grokspring.event.OutputStopped;
import io.github.grokspring.event.ParametersScrubbed;
import io.github.grokspring.event.PromptRedacted;
import io.github.grokspring.event.RateLimitWaited;
import io.github.grokspring.event.ResponseCacheAccessed;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link EventMeters}.
 */
class EventMetersTests {

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	private final EventMeters meters = new EventMeters(this.registry);

	@Test
	void countsScrubbedParameters() {
		this.meters.onEvent(new ParametersScrubbed("default", "grok-4.3", List.of("stop", "presence_penalty")));
		this.meters.onEvent(new ParametersScrubbed("fast", "grok-4.3", List.of("stop")));
		assertThat(this.registry.get("grok.client.parameters.scrubbed")
			.tags("model", "grok-4.3", "parameter", "stop")
			.counter()
			.count()).isEqualTo(2);
		assertThat(this.registry.get("grok.client.parameters.scrubbed")
			.tags("model", "grok-4.3", "parameter", "presence_penalty")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void countsRedactions() {
		this.meters.onEvent(new PromptRedacted("default", "email", 3));
		this.meters.onEvent(new PromptRedacted("fast", "email", 1));
		assertThat(this.registry.get("grok.redaction.replaced").tags("kind", "email").counter().count()).isEqualTo(4);
	}

	@Test
	void countsStoppedResponses() {
		this.meters.onEvent(new OutputStopped("default", "grok-4.7", OutputStopped.RUNAWAY));
		this.meters.onEvent(new OutputStopped("default", "grok-4.7", OutputStopped.TOO_LARGE));
		this.meters.onEvent(new OutputStopped("default", "grok-4.7", OutputStopped.TOO_LARGE));
		for (String reason : List.of("runaway", "too-large")) {
			assertThat(this.registry.get("grok.client.output.stopped")
				.tags("client", "default", "model", "grok-4.7", "reason", reason)
				.counter()
				.count()).isEqualTo(reason.equals("runaway") ? 1 : 2);
		}
	}

	@Test
	void countsRejectedCalls() {
		this.meters.onEvent(new CallRejected("fast", "grok-4.7", "circuit_open"));
		this.meters.onEvent(new CallRejected("fast", "grok-4.7", "circuit_open"));
		assertThat(this.registry.get("grok.client.rejected")
			.tags("client", "fast", "model", "grok-4.7", "reason", "circuit_open")
			.counter()
			.count()).isEqualTo(2);
	}

	@Test
	void countsRedirects() {
		this.meters.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		assertThat(this.registry.get("grok.client.model.redirected")
			.tags("requested", "grok-4", "served", "grok-4.3")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void countsRetriedFailuresOnly() {
		this.meters.onEvent(failed(1, Duration.ofSeconds(2)));
		this.meters.onEvent(failed(2, null));
		assertThat(this.registry.get("grok.client.retries")
			.tags("client", "default", "model", "grok-4.3", "reason", "overloaded")
			.counter()
			.count()).isEqualTo(1);
	}

	@Test
	void measuresFallbacksAndRateLimitWaits() {
		this.meters.onEvent(new FallbackTaken("default", "grok-4.7", "grok-4.3", "overloaded"));
		this.meters.onEvent(new RateLimitWaited("default", "grok-4.3", "requests", Duration.ofMillis(1500)));
		assertThat(this.registry.get("grok.client.fallbacks")
			.tags("from", "grok-4.7", "to", "grok-4.3", "reason", "overloaded")
			.counter()
			.count()).isEqualTo(1);
		assertThat(this.registry.get("grok.client.ratelimit.wait")
			.tags("client", "default", "limit", "requests")
			.timer()
			.totalTime(TimeUnit.MILLISECONDS)).isEqualTo(1500);
	}

	@Test
	void countsCacheRequestsAndSavings() {
		this.meters.onEvent(new ResponseCacheAccessed("default", "grok-4.3", "miss", 0));
		this.meters.onEvent(new ResponseCacheAccessed("default", "grok-4.3", "hit", 25_000_000_000L));
		assertThat(this.registry.get("grok.client.cache.requests")
			.tags("client", "default", "result", "hit")
			.counter()
			.count()).isEqualTo(1);
		Counter saved = this.registry.get("grok.client.cache.saved")
			.tags("client", "default", "by", "response-cache")
			.counter();
		assertThat(saved.count()).isEqualTo(2.5);
		assertThat(saved.getId().getBaseUnit()).isEqualTo("usd");
	}

	@Test
	void looksUpCounterOnce() {
		this.meters.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		Counter counter = this.registry.get("grok.client.model.redirected").counter();
		this.registry.remove(counter);
		this.meters.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		assertThat(counter.count()).isEqualTo(2);
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void limitsModelNames() {
		for (int i = 0; i < 1000; i++) {
			this.meters.onEvent(new ModelRedirected("default", "model-" + i, "grok-4.3"));
		}
		assertThat(this.registry.getMeters()).hasSizeLessThanOrEqualTo(101);
		assertThat(this.registry.get("grok.client.model.redirected").tags("requested", "other").counter().count())
			.isGreaterThanOrEqualTo(900);
	}

	@Test
	void metersHaveDeclaredTags() {
		this.meters.onEvent(new ParametersScrubbed("default", "grok-4.3", List.of("stop")));
		this.meters.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		this.meters.onEvent(failed(1, Duration.ofSeconds(2)));
		this.meters.onEvent(new FallbackTaken("default", "grok-4.7", "grok-4.3", "overloaded"));
		this.meters.onEvent(new RateLimitWaited("default", "grok-4.3", "requests", Duration.ofMillis(1500)));
		this.meters.onEvent(new ResponseCacheAccessed("default", "grok-4.3", "hit", 1));
		Set<String> measured = this.registry.getMeters()
			.stream()
			.map((meter) -> meter.getId().getName())
			.collect(Collectors.toSet());
		assertThat(measured).hasSize(7);
		for (GrokMeter meter : GrokMeter.values()) {
			if (!measured.contains(meter.id())) {
				continue;
			}
			Meter.Id id = this.registry.get(meter.id()).meter().getId();
			assertThat(id.getTags()).extracting("key").containsExactlyInAnyOrderElementsOf(meter.tags());
			assertThat(id.getDescription()).isEqualTo(meter.description());
		}
	}

	private static AttemptFailed failed(int attempt, @Nullable Duration delay) {
		return new AttemptFailed("default", "grok-4.3", attempt, "overloaded", delay, true, "call-1", null, null);
	}

}
