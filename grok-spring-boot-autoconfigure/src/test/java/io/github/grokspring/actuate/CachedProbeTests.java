package io.github.grokspring.actuate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.MutableClock;
import io.github.grokspring.error.ErrorKind;
import org.junit.jupiter.api.Test;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link CachedProbe}.
 */
class CachedProbeTests {

	private static final Duration TTL = Duration.ofSeconds(30);

	private final MutableClock clock = new MutableClock();

	private final AtomicInteger probes = new AtomicInteger();

	@Test
	void reusesResultWithinTimeToLive() {
		Probe probe = usable().cached(TTL, this.clock);
		probe.probe().block();
		this.clock.move(TTL.minusNanos(1));
		probe.probe().block();
		assertThat(this.probes).hasValue(1);
		this.clock.move(Duration.ofNanos(1));
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void timeToLiveStartsWithResult() {
		Sinks.One<ProbeResult> answer = Sinks.one();
		Probe probe = counted(answer.asMono()).cached(TTL, this.clock);
		Mono<ProbeResult> first = probe.probe();
		Disposable waiting = first.subscribe();
		this.clock.move(TTL.multipliedBy(2));
		probe.probe().subscribe();
		assertThat(this.probes).hasValue(1);
		answer.tryEmitValue(ProbeResult.usable(this.clock.instant(), null));
		probe.probe().block();
		assertThat(this.probes).hasValue(1);
		assertThat(waiting.isDisposed()).isTrue();
	}

	@Test
	void problemExpiresAfterFiveSeconds() {
		Probe probe = failed().cached(TTL, this.clock);
		probe.probe().block();
		this.clock.move(Duration.ofMillis(4999));
		probe.probe().block();
		assertThat(this.probes).hasValue(1);
		this.clock.move(Duration.ofMillis(1));
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void problemExpiresWithShorterTimeToLive() {
		Probe probe = failed().cached(Duration.ofSeconds(1), this.clock);
		probe.probe().block();
		this.clock.move(Duration.ofSeconds(1));
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void failedProbeRunsAgain() {
		Probe probe = counted(Mono.error(new IllegalStateException("broken"))).cached(TTL, this.clock);
		for (int i = 1; i <= 2; i++) {
			assertThatIllegalStateException().isThrownBy(() -> probe.probe().block());
			assertThat(this.probes).hasValue(i);
		}
	}

	@Test
	void emptyProbeRunsAgain() {
		Probe probe = counted(Mono.empty()).cached(TTL, this.clock);
		assertThat(probe.probe().blockOptional()).isEmpty();
		assertThat(probe.probe().blockOptional()).isEmpty();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void resultExpiresIfClockIsSetBack() {
		Probe probe = usable().cached(TTL, this.clock);
		probe.probe().block();
		this.clock.move(Duration.ofHours(-1));
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void zeroTimeToLiveSharesConcurrentProbesOnly() {
		Sinks.One<ProbeResult> answer = Sinks.one();
		Probe probe = counted(answer.asMono()).cached(Duration.ZERO, this.clock);
		List<ProbeResult> results = new CopyOnWriteArrayList<>();
		probe.probe().subscribe(results::add);
		probe.probe().subscribe(results::add);
		assertThat(this.probes).hasValue(1);
		answer.tryEmitValue(ProbeResult.usable(this.clock.instant(), null));
		assertThat(results).hasSize(2);
		probe.probe().block();
		assertThat(this.probes).hasValue(2);
	}

	@Test
	void cancelledSubscriberDoesNotCancelProbe() {
		Sinks.One<ProbeResult> answer = Sinks.one();
		Probe probe = counted(answer.asMono()).cached(TTL, this.clock);
		List<ProbeResult> results = new CopyOnWriteArrayList<>();
		Disposable first = probe.probe().subscribe();
		probe.probe().subscribe(results::add);
		first.dispose();
		answer.tryEmitValue(ProbeResult.usable(this.clock.instant(), null));
		assertThat(results).hasSize(1);
		assertThat(this.probes).hasValue(1);
	}

	private Probe usable() {
		return counted(Mono.fromSupplier(() -> ProbeResult.usable(this.clock.instant(), null)));
	}

	private Probe failed() {
		return counted(Mono.fromSupplier(
				() -> ProbeResult.failed(this.clock.instant(), null, ProblemMessages.of(ErrorKind.OVERLOADED, 503))));
	}

	private Probe counted(Mono<ProbeResult> result) {
		return () -> result.doOnSubscribe((subscription) -> this.probes.incrementAndGet());
	}

}
