package io.github.grokspring.retry;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import io.github.grokspring.chain.TimeSource;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;

/**
 * Creates a Resilience4j circuit breaker for each client and model on first use.
 */
final class Resilience4jCircuitBreakers implements CircuitBreakers {

	// Model names come from requests, so their number is not bounded otherwise
	static final int MAX_MODELS = 100;

	static final String OTHER = "other";

	private static final Duration NEVER = Duration.ofDays(365);

	// Longer than any call, so that slow trial calls can close the circuit breaker
	private static final Duration MAX_HALF_OPEN = Duration.ofHours(1);

	private final CircuitBreakerRegistry registry;

	private final TimeSource time;

	private final Map<String, Map<String, ModelCircuitBreaker>> breakers = new ConcurrentHashMap<>();

	Resilience4jCircuitBreakers(CircuitBreakerSettings settings, TimeSource time,
			Consumer<CircuitBreakerRegistry> registryCustomizer) {
		this.registry = CircuitBreakerRegistry.of(config(settings, time));
		this.time = time;
		registryCustomizer.accept(this.registry);
	}

	private static CircuitBreakerConfig config(CircuitBreakerSettings settings, TimeSource time) {
		Duration slow = settings.slowCallDuration();
		return CircuitBreakerConfig.custom()
			.slidingWindow(Math.toIntExact(settings.slidingWindow().toSeconds()), settings.minimumCalls(),
					CircuitBreakerConfig.SlidingWindowType.TIME_BASED)
			.failureRateThreshold(settings.failureRateThreshold())
			.slowCallRateThreshold(settings.failureRateThreshold())
			.slowCallDurationThreshold((slow != null) ? slow : NEVER)
			.waitDurationInOpenState(settings.openDuration())
			.maxWaitDurationInHalfOpenState(max(settings.openDuration(), MAX_HALF_OPEN))
			.permittedNumberOfCallsInHalfOpenState(settings.halfOpenCalls())
			.ignoreException((failure) -> !OutageFailures.matches(failure))
			.clock(new MonotonicClock(time, time.instant().minusNanos(time.nanoTime())))
			.currentTimestampFunction((clock) -> time.nanoTime(), TimeUnit.NANOSECONDS)
			.build();
	}

	private static Duration max(Duration one, Duration other) {
		return (one.compareTo(other) > 0) ? one : other;
	}

	@Override
	public Permit acquire(String client, String model) {
		return breaker(client, model).acquire(model);
	}

	@Override
	public List<CircuitBreakerStatus> statuses() {
		return this.breakers.values()
			.stream()
			.flatMap((models) -> models.values().stream())
			.map(ModelCircuitBreaker::status)
			.sorted(Comparator.comparing(CircuitBreakerStatus::name))
			.toList();
	}

	@Override
	public boolean reset(String name) {
		for (Map<String, ModelCircuitBreaker> models : this.breakers.values()) {
			for (ModelCircuitBreaker breaker : models.values()) {
				if (breaker.name().equals(name)) {
					breaker.reset();
					return true;
				}
			}
		}
		return false;
	}

	private ModelCircuitBreaker breaker(String client, String model) {
		Map<String, ModelCircuitBreaker> models = this.breakers.computeIfAbsent(client,
				(name) -> new ConcurrentHashMap<>());
		ModelCircuitBreaker breaker = models.get(model);
		if (breaker != null) {
			return breaker;
		}
		// Concurrent callers may exceed the limit slightly
		return models.computeIfAbsent((models.size() < MAX_MODELS) ? model : OTHER, (name) -> create(client, name));
	}

	private ModelCircuitBreaker create(String client, String model) {
		return new ModelCircuitBreaker(this.registry.circuitBreaker(client + ":" + model), client, model, this.time);
	}

	/**
	 * Clock that ignores adjustments of the system clock. Resilience4j measures the open
	 * state and the sliding window with a clock: with the system clock, a circuit breaker
	 * would stay open for as long as the clock is set back.
	 */
	private static final class MonotonicClock extends Clock {

		private final TimeSource time;

		private final Instant origin;

		MonotonicClock(TimeSource time, Instant origin) {
			this.time = time;
			this.origin = origin;
		}

		@Override
		public Instant instant() {
			return this.origin.plusNanos(this.time.nanoTime());
		}

		@Override
		public ZoneId getZone() {
			return ZoneOffset.UTC;
		}

		@Override
		public Clock withZone(ZoneId zone) {
			throw new UnsupportedOperationException();
		}

	}

}
