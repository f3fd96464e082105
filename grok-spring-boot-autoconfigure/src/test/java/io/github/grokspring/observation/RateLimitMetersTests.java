package io.github.grokspring.observation;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.ratelimit.RateLimitSettings;
import io.github.grokspring.ratelimit.RateLimitingChatModel;
import io.github.grokspring.ratelimit.RateLimits;
import io.github.grokspring.token.PromptTokenEstimator;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link RateLimitMeters}.
 */
class RateLimitMetersTests {

	private static final ChatResponse ANSWER = new ChatResponse(List.of(new Generation(new AssistantMessage("ok"))));

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private Instant now = Instant.parse("2026-11-21T12:00:00Z");

	@Test
	void registersModelAfterFirstRequest() {
		RateLimits limits = limits(10L, 50_000L, 0, false);
		RateLimitMeters meters = show(limits);
		assertThat(this.registry.find("grok.client.ratelimit.remaining").gauges()).isEmpty();
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
		assertThat(remaining("grok-4.3", "tokens")).isLessThan(50_000).isPositive();
	}

	@Test
	void aliasesShareGauges() {
		RateLimits limits = RateLimits.local(new RateLimitSettings(10L, null, 0, 10, Duration.ZERO, false),
				(name) -> name.replace("-latest", ""), PromptTokenEstimator.approximate());
		RateLimitMeters meters = show(limits);
		ask(limits, meters, "grok-4.3-latest");
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(8);
		assertThat(this.registry.find("grok.client.ratelimit.remaining").gauges()).hasSize(2);
	}

	@Test
	void unknownLimitIsNaN() {
		RateLimits limits = limits(10L, null, 0, false);
		ask(limits, show(limits), "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
		assertThat(remaining("grok-4.3", "tokens")).isNaN();
	}

	@Test
	void registersModelWithoutEvents() {
		RateLimits limits = limits(10L, null, 0, false);
		show(limits);
		ask(limits, GrokEventListener.none(), "grok-4.3");
		assertThat(number("active")).isZero();
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
	}

	@Test
	void cachesSnapshotForOneSecond() {
		RateLimits limits = limits(10L, null, 0, false);
		RateLimitMeters meters = show(limits);
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
		this.now = this.now.plusSeconds(1);
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(8);
	}

	@Test
	void refreshesSnapshotIfClockIsSetBack() {
		RateLimits limits = limits(10L, null, 0, false);
		RateLimitMeters meters = show(limits);
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(9);
		this.now = this.now.minus(Duration.ofHours(1));
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(8);
		this.now = this.now.plusSeconds(1);
		ask(limits, meters, "grok-4.3");
		assertThat(remaining("grok-4.3", "requests")).isEqualTo(7);
	}

	@Test
	void countsActiveAndQueuedRequests() {
		RateLimits limits = limits(null, null, 1, false);
		show(limits);
		Sinks.One<ChatResponse> answer = Sinks.one();
		ChatModel model = limited(limits, streaming(answer.asMono().flux()));
		Disposable first = model.stream(prompt("grok-4.3")).subscribe();
		CompletableFuture<ChatResponse> second = model.stream(prompt("grok-4.3")).next().toFuture();
		assertThat(number("active")).isOne();
		assertThat(number("queued")).isOne();
		answer.tryEmitValue(ANSWER);
		assertThat(second).succeedsWithin(Duration.ofSeconds(30));
		await().untilAsserted(() -> assertThat(limits.status().active()).isZero());
		this.now = this.now.plusSeconds(1);
		assertThat(number("active")).isZero();
		assertThat(number("queued")).isZero();
		assertThat(first.isDisposed()).isTrue();
	}

	@Test
	void registersNothingWithoutLimits() {
		RateLimits limits = limits(null, null, 0, false);
		RateLimitMeters meters = show(limits);
		meters.onEvent(finished("grok-4.3"));
		assertThat(this.registry.getMeters()).isEmpty();
	}

	@Test
	void limitsNumberOfModels() {
		RateLimits limits = limits(10L, null, 0, false);
		RateLimitMeters meters = show(limits);
		for (int i = 0; i < 150; i++) {
			ask(limits, meters, "model-" + i);
		}
		assertThat(number("active")).isZero();
		assertThat(this.registry.find("grok.client.ratelimit.remaining").gauges()).hasSize(200);
	}

	@Test
	void metersMatchDeclarations() {
		RateLimits limits = limits(10L, null, 0, true);
		ask(limits, show(limits), "grok-4.3");
		for (GrokMeter meter : List.of(GrokMeter.RATE_LIMIT_REMAINING, GrokMeter.CONCURRENCY_ACTIVE,
				GrokMeter.CONCURRENCY_QUEUED)) {
			Meter.Id id = this.registry.get(meter.id()).meter().getId();
			assertThat(id.getType()).isEqualTo(meter.type());
			assertThat(id.getBaseUnit()).isEqualTo(meter.baseUnit());
			assertThat(id.getDescription()).isEqualTo(meter.description());
			assertThat(id.getTags()).extracting("key").containsExactlyInAnyOrderElementsOf(meter.tags());
		}
	}

	private RateLimitMeters show(RateLimits limits) {
		return new RateLimitMeters(this.registry, limits, () -> this.now);
	}

	private static void ask(RateLimits limits, GrokEventListener listener, String model) {
		limited(limits, (prompt) -> {
			listener.onEvent(finished(model));
			return ANSWER;
		}).call(prompt(model));
	}

	private static AttemptFinished finished(String model) {
		return new AttemptFinished("default", model, "chat-completions", "success", Duration.ofSeconds(1), null, null,
				null, "call-1", 1, null, null);
	}

	private static ChatModel limited(RateLimits limits, ChatModel model) {
		return RateLimitingChatModel.decorator(limits, GrokEventListener.none()).decorate("default", model);
	}

	private static ChatModel streaming(Flux<ChatResponse> answer) {
		return new ChatModel() {

			@Override
			public ChatResponse call(Prompt prompt) {
				return ANSWER;
			}

			@Override
			public Flux<ChatResponse> stream(Prompt prompt) {
				return answer;
			}

		};
	}

	private static Prompt prompt(String model) {
		return new Prompt("hello", GrokChatOptions.builder().model(model).build());
	}

	private static RateLimits limits(@Nullable Long requests, @Nullable Long tokens, int concurrent, boolean learn) {
		return RateLimits.local(new RateLimitSettings(requests, tokens, concurrent, 10, Duration.ofSeconds(30), learn),
				UnaryOperator.identity(), PromptTokenEstimator.approximate());
	}

	private double remaining(String model, String limit) {
		return this.registry.get("grok.client.ratelimit.remaining")
			.tag("model", model)
			.tag("limit", limit)
			.gauge()
			.value();
	}

	private double number(String of) {
		return this.registry.get("grok.client.concurrency." + of).gauge().value();
	}

}
