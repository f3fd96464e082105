package io.github.grokspring.retry;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.error.CircuitOpenException;
import io.github.grokspring.retry.CircuitBreakerStatus.State;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.event.CircuitBreakerOnStateTransitionEvent;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

/**
 * Circuit breaker of one client and model. In addition to Resilience4j, it provides the
 * end of the open state and ignores the outcomes of calls that were permitted in an
 * earlier state: they do not describe the current state, and releasing their permits
 * would allow too many calls in the half-open state.
 * <p>
 * The state of a permit is identified by its metrics, which Resilience4j replaces
 * atomically with the state. Events are unsuitable because they are published after the
 * transition.
 */
final class ModelCircuitBreaker {

	private static final Log logger = LogFactory.getLog(ModelCircuitBreaker.class);

	private final CircuitBreaker breaker;

	private final String client;

	private final String model;

	private final TimeSource time;

	private final Duration openDuration;

	private volatile long openUntil;

	ModelCircuitBreaker(CircuitBreaker breaker, String client, String model, TimeSource time) {
		this.breaker = breaker;
		this.client = client;
		this.model = model;
		this.time = time;
		this.openDuration = Duration
			.ofMillis(breaker.getCircuitBreakerConfig().getWaitIntervalFunctionInOpenState().apply(1));
		breaker.getEventPublisher().onStateTransition(this::onStateTransition);
	}

	private void onStateTransition(CircuitBreakerOnStateTransitionEvent event) {
		CircuitBreaker.State to = event.getStateTransition().getToState();
		if (to == CircuitBreaker.State.OPEN) {
			this.openUntil = this.time.nanoTime() + this.openDuration.toNanos();
		}
		if (event.getStateTransition() == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
			logger.warn("Circuit breaker opened for client '" + this.client + "' and model '"
					+ LogSanitizer.sanitize(this.model)
					+ "' because too many requests failed or were slow. No request is sent until " + until());
		}
		else if (to == CircuitBreaker.State.CLOSED) {
			logger.info("Circuit breaker closed for client '" + this.client + "' and model '"
					+ LogSanitizer.sanitize(this.model) + "'");
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("Circuit breaker '" + LogSanitizer.sanitize(name()) + "' is " + to);
		}
	}

	String name() {
		return this.breaker.getName();
	}

	CircuitBreakers.Permit acquire(String requestedModel) {
		if (!this.breaker.tryAcquirePermission()) {
			throw openException(requestedModel);
		}
		return new Permit();
	}

	CircuitBreakerStatus status() {
		State state = state();
		float rate = this.breaker.getMetrics().getFailureRate();
		return new CircuitBreakerStatus(name(), this.client, this.model, state, (rate >= 0) ? (double) rate : null,
				(state == State.OPEN) ? until() : null);
	}

	void reset() {
		this.breaker.reset();
	}

	private CircuitOpenException openException(String requestedModel) {
		String prefix = "Request was not sent because too many requests of client '" + this.client + "' to model '"
				+ LogSanitizer.sanitize(requestedModel) + "' failed or were slow. ";
		String advice = " Wait, or configure other models with 'grok.fallback.models'.";
		if (state() == State.OPEN) {
			Instant until = until();
			return new CircuitOpenException(requestedModel, until,
					prefix + "The next request is sent after " + until + "." + advice);
		}
		return new CircuitOpenException(requestedModel, this.time.instant(),
				prefix + "Trial requests are in progress to find out whether the model has recovered." + advice);
	}

	// Derived from the current wall-clock time, which may have been adjusted since
	private Instant until() {
		return this.time.instant().plusNanos(this.openUntil - this.time.nanoTime());
	}

	// Resilience4j becomes half-open with the next request only
	private State state() {
		return switch (this.breaker.getState()) {
			case OPEN, FORCED_OPEN -> (this.openUntil - this.time.nanoTime() < 0) ? State.HALF_OPEN : State.OPEN;
			case HALF_OPEN -> State.HALF_OPEN;
			case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
		};
	}

	@SuppressWarnings("serial")
	private final class Permit extends AtomicBoolean implements CircuitBreakers.Permit {

		private final CircuitBreaker.Metrics metrics = ModelCircuitBreaker.this.breaker.getMetrics();

		private final long start = ModelCircuitBreaker.this.breaker.getCurrentTimestamp();

		@Override
		public void onSuccess() {
			if (isFirstOutcome()) {
				ModelCircuitBreaker.this.breaker.onSuccess(elapsed(), TimeUnit.NANOSECONDS);
			}
		}

		@Override
		public void onError(Throwable failure) {
			if (isFirstOutcome()) {
				ModelCircuitBreaker.this.breaker.onError(elapsed(), TimeUnit.NANOSECONDS, failure);
			}
		}

		@Override
		public void release() {
			if (isFirstOutcome()) {
				ModelCircuitBreaker.this.breaker.releasePermission();
			}
		}

		private boolean isFirstOutcome() {
			return compareAndSet(false, true) && this.metrics == ModelCircuitBreaker.this.breaker.getMetrics();
		}

		private long elapsed() {
			return Math.max(0, ModelCircuitBreaker.this.breaker.getCurrentTimestamp() - this.start);
		}

	}

}
