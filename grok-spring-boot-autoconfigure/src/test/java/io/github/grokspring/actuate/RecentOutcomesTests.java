package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.List;

import io.github.grokspring.MutableClock;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.ModelRedirected;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link RecentOutcomes}.
 */
class RecentOutcomesTests {

	private final MutableClock clock = new MutableClock();

	private final RecentOutcomes calls = new RecentOutcomes(Duration.ofSeconds(30), this.clock);

	private final GrokHealthIndicator indicator = new GrokHealthIndicator(this.calls, "api.x.ai", List.of("grok-4.3"),
			ModelCatalog.bundled(), List::of);

	@Test
	void isUnknownBeforeFirstCall() {
		assertThat(this.indicator.health()).isEqualTo(Health.unknown().withDetail("host", "api.x.ai").build());
	}

	@Test
	void isUpAfterSuccess() {
		ended("success");
		this.clock.move(Duration.ofHours(5));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		assertThat(this.indicator.health().getDetails()).containsEntry("at", "2026-08-01T12:00:00Z")
			.containsOnlyKeys("host", "at");
	}

	@ParameterizedTest
	@ValueSource(strings = { "invalid_api_key", "missing_api_key", "insufficient_credits", "permission_denied" })
	void permanentFailureStaysDown(String outcome) {
		ended(outcome);
		this.clock.move(Duration.ofHours(5));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(this.indicator.health().getDetails()).containsEntry("kind", outcome)
			.containsKeys("problem", "action");
		ended("success");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void transientFailureExpiresIfClockIsSetBack() {
		ended("server_error");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		this.clock.move(Duration.ofHours(-5));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "server_error", "overloaded", "timeout", "connection", "stream_broken" })
	void transientFailureExpiresAfterTimeToLive(String outcome) {
		ended("success");
		ended(outcome);
		this.clock.move(Duration.ofSeconds(29));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		this.clock.move(Duration.ofSeconds(1));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
	}

	@ParameterizedTest
	@ValueSource(strings = { "cancelled", "invalid_request", "unsupported_parameter", "context_too_long",
			"safety_refusal", "feature_removed", "rate_limited", "unknown", "something-new" })
	void ignoresFailuresOfRequest(String outcome) {
		ended(outcome);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
		ended("success");
		ended(outcome);
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void rejectedModelIsMissingUntilItSucceeds() {
		ended("model_not_found", "grok-9");
		ended("success", "grok-4.7");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
		ended("model_not_found", "grok-4.3");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.DOWN);
		assertThat(this.indicator.health().getDetails().get("missing")).asString().startsWith("{grok-4.3=[");
		ended("success", "grok-4.3");
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UP);
	}

	@Test
	void ignoresOtherEvents() {
		this.calls.onEvent(new ModelRedirected("default", "grok-4", "grok-4.3"));
		assertThat(this.indicator.health().getStatus()).isEqualTo(Status.UNKNOWN);
	}

	private void ended(String outcome) {
		ended(outcome, "grok-4.3");
	}

	private void ended(String outcome, String model) {
		this.calls.onEvent(new AttemptFinished("default", model, "chat-completions", outcome, Duration.ofMillis(12),
				null, null, null, "call-1", 1, null, null));
	}

}
