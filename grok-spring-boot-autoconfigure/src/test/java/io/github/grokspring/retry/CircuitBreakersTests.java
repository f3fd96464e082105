package io.github.grokspring.retry;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

import io.github.grokspring.MutableClock;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.error.RateLimitExceededException;
import io.github.grokspring.retry.CircuitBreakerStatus.State;
import io.github.grokspring.retry.CircuitBreakers.Permit;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CircuitBreakers}.
 */
class CircuitBreakersTests {

	private static final String CLIENT = "default";

	private static final String MODEL = "grok-4.3";

	private static final Set<ErrorKind> OUTAGE_KINDS = EnumSet.of(ErrorKind.SERVER_ERROR, ErrorKind.OVERLOADED,
			ErrorKind.TIMEOUT, ErrorKind.CONNECTION, ErrorKind.STREAM_BROKEN);

	private final MutableClock clock = new MutableClock();

	private final CircuitBreakers breakers = CircuitBreakers.create(
			new CircuitBreakerSettings(50, null, Duration.ofSeconds(60), 2, Duration.ofSeconds(30), 2), this.clock,
			(registry) -> {
			});

	@ParameterizedTest
	@EnumSource
	void onlyOutageFailuresCount(ErrorKind kind) {
		fail(GrokApiException.builder(kind, "failed").build(), 5);
		assertThat(status().state()).isEqualTo(OUTAGE_KINDS.contains(kind) ? State.OPEN : State.CLOSED);
		assertThat(status().failureRate()).isEqualTo(OUTAGE_KINDS.contains(kind) ? 100.0 : null);
	}

	@ParameterizedTest
	@EnumSource(value = ErrorKind.class, names = { "CONNECTION", "STREAM_BROKEN" })
	void connectionsClosedByTheApplicationDoNotCount(ErrorKind kind) {
		fail(GrokApiException.builder(kind, "closed").retryable(false).build(), 5);
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void rejectionsByTheApplicationDoNotCount() {
		fail(new RateLimitExceededException("requests", Duration.ZERO, "too many"), 5);
		fail(new GrokException("Interrupted"), 5);
		fail(new IllegalStateException("broken"), 5);
		assertThat(status().state()).isEqualTo(State.CLOSED);
		assertThat(status().failureRate()).isNull();
	}

	@Test
	void onlyTheFirstOutcomeCounts() {
		for (int i = 0; i < 2; i++) {
			Permit permit = this.breakers.acquire(CLIENT, MODEL);
			permit.onSuccess();
			permit.onError(failure());
			permit.release();
		}
		assertThat(status().failureRate()).isZero();
	}

	@Test
	void outcomesOfAnEarlierStateAreIgnored() {
		List<Permit> early = IntStream.range(0, 4).mapToObj((i) -> this.breakers.acquire(CLIENT, MODEL)).toList();
		fail(failure(), 2);
		this.clock.move(Duration.ofSeconds(31));
		Permit probe = this.breakers.acquire(CLIENT, MODEL);
		early.get(0).release();
		early.get(1).onError(failure());
		early.get(2).onError(failure());
		early.get(3).onSuccess();
		assertThat(status().state()).isEqualTo(State.HALF_OPEN);
		Permit second = this.breakers.acquire(CLIENT, MODEL);
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> this.breakers.acquire(CLIENT, MODEL));
		probe.onSuccess();
		second.onSuccess();
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void outcomeOfARequestDuringTheTransitionEventCounts() throws Exception {
		CountDownLatch notifying = new CountDownLatch(1);
		CountDownLatch released = new CountDownLatch(1);
		CircuitBreakers observed = CircuitBreakers.create(
				new CircuitBreakerSettings(50, null, Duration.ofSeconds(60), 2, Duration.ofSeconds(30), 2), this.clock,
				(registry) -> registry.getEventPublisher()
					.onEntryAdded((added) -> added.getAddedEntry().getEventPublisher().onStateTransition((event) -> {
						if (event.getStateTransition().getToState() == CircuitBreaker.State.HALF_OPEN) {
							notifying.countDown();
							awaitUninterruptibly(released);
						}
					})));
		observed.acquire(CLIENT, MODEL).onError(failure());
		observed.acquire(CLIENT, MODEL).onError(failure());
		this.clock.move(Duration.ofSeconds(31));
		FutureTask<Permit> changing = new FutureTask<>(() -> observed.acquire(CLIENT, MODEL));
		new Thread(changing, "changing").start();
		assertThat(notifying.await(20, TimeUnit.SECONDS)).isTrue();
		Permit meanwhile = observed.acquire(CLIENT, MODEL);
		released.countDown();
		changing.get(20, TimeUnit.SECONDS).onSuccess();
		meanwhile.onSuccess();
		assertThat(observed.statuses().get(0).state()).isEqualTo(State.CLOSED);
	}

	@ParameterizedTest
	@ValueSource(longs = { -86_400, -20, 20, 86_400 })
	void openDurationIsIndependentOfTheSystemClock(long adjustment) {
		fail(failure(), 2);
		this.clock.move(Duration.ofSeconds(10));
		this.clock.adjust(Duration.ofSeconds(adjustment));
		assertThat(status().state()).isEqualTo(State.OPEN);
		assertThat(status().until()).isEqualTo(this.clock.instant().plusSeconds(20));
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> this.breakers.acquire(CLIENT, MODEL))
			.satisfies((ex) -> assertThat(ex.until()).isEqualTo(this.clock.instant().plusSeconds(20)));
		this.clock.move(Duration.ofSeconds(21));
		assertThat(status().state()).isEqualTo(State.HALF_OPEN);
		this.breakers.acquire(CLIENT, MODEL).onSuccess();
		this.breakers.acquire(CLIENT, MODEL).onSuccess();
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	private static void awaitUninterruptibly(CountDownLatch latch) {
		try {
			assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void permitIsReleasedOnce() {
		fail(failure(), 2);
		this.clock.move(Duration.ofSeconds(31));
		Permit first = this.breakers.acquire(CLIENT, MODEL);
		this.breakers.acquire(CLIENT, MODEL);
		first.release();
		first.release();
		this.breakers.acquire(CLIENT, MODEL);
		assertThatExceptionOfType(CircuitOpenException.class).isThrownBy(() -> this.breakers.acquire(CLIENT, MODEL));
	}

	@Test
	void resetClosesAndClearsTheSlidingWindow() {
		fail(failure(), 2);
		assertThat(status().until()).isEqualTo(this.clock.instant().plusSeconds(30));
		assertThat(this.breakers.reset("default:grok-4.3")).isTrue();
		assertThat(this.breakers.reset("default:grok-4.7")).isFalse();
		assertThat(status())
			.isEqualTo(new CircuitBreakerStatus("default:grok-4.3", CLIENT, MODEL, State.CLOSED, null, null));
		fail(failure(), 1);
		assertThat(status().state()).isEqualTo(State.CLOSED);
	}

	@Test
	void numberOfCircuitBreakersIsBounded() {
		for (int i = 0; i < 3000; i++) {
			this.breakers.acquire(CLIENT, "made-up-" + i).onSuccess();
			this.breakers.acquire("fast", "made-up-" + i).onSuccess();
		}
		List<String> names = this.breakers.statuses().stream().map(CircuitBreakerStatus::name).toList();
		assertThat(names).hasSizeBetween(200, 204)
			.contains("default:made-up-0", "default:other", "fast:other")
			.doesNotContain("default:made-up-2999");
		List<Throwable> rejections = new ArrayList<>();
		for (int i = 0; i < 6000; i++) {
			try {
				this.breakers.acquire(CLIENT, "made-up-2999").onError(failure());
			}
			catch (CircuitOpenException ex) {
				rejections.add(ex);
			}
		}
		assertThat(rejections).isNotEmpty()
			.allSatisfy((ex) -> assertThat(((CircuitOpenException) ex).model()).isEqualTo("made-up-2999"));
	}

	private void fail(Throwable failure, int times) {
		for (int i = 0; i < times && (i == 0 || status().state() == State.CLOSED); i++) {
			this.breakers.acquire(CLIENT, MODEL).onError(failure);
		}
	}

	private static GrokApiException failure() {
		return GrokApiException.builder(ErrorKind.SERVER_ERROR, "failed").build();
	}

	private CircuitBreakerStatus status() {
		return this.breakers.statuses().get(0);
	}

}
