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
 * The circuit breaker of one client and model. What Resilience4j does not do: it knows
 * until when it is open, and it drops the outcome of a request that was let through in an
 * earlier state. Such an outcome says nothing about now, and giving back its permit would
 * let one request too many through a half-open circuit breaker.
 * <p>
 * Which state a request was let through in is told by the measurements of that state:
 * each begins with new ones, and they change together with it. Events do not do, because
 * they are published after the change, and who comes in between would be taken for one
 * from before.
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
		breaker.getEventPublisher().onStateTransition(this::changed);
	}

	private void changed(CircuitBreakerOnStateTransitionEvent event) {
		CircuitBreaker.State to = event.getStateTransition().getToState();
		if (to == CircuitBreaker.State.OPEN) {
			this.openUntil = this.time.nanoTime() + this.openDuration.toNanos();
		}
		if (event.getStateTransition() == CircuitBreaker.StateTransition.CLOSED_TO_OPEN) {
			logger.warn("Too many requests of client '" + this.client + "' to model '"
					+ LogSanitizer.sanitize(this.model) + "' failed or were slow: none is sent until " + until());
		}
		else if (to == CircuitBreaker.State.CLOSED) {
			logger.info("Requests of client '" + this.client + "' to model '" + LogSanitizer.sanitize(this.model)
					+ "' are sent again");
		}
		else if (logger.isDebugEnabled()) {
			logger.debug("Circuit breaker '" + LogSanitizer.sanitize(name()) + "' is " + to);
		}
	}

	String name() {
		return this.breaker.getName();
	}

	CircuitBreakers.Permit acquire(String asked) {
		if (!this.breaker.tryAcquirePermission()) {
			throw refusal(asked);
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

	private CircuitOpenException refusal(String asked) {
		String many = "too many of the last requests of client '" + this.client + "' to model '"
				+ LogSanitizer.sanitize(asked) + "' failed or were slow. ";
		String action = " Wait, or name models to ask in its place in 'grok.fallback.models'.";
		Instant until = until();
		return (state() == State.OPEN)
				? new CircuitOpenException(asked, until,
						"The request was not sent, because " + many + "The next request is let through after " + until
								+ "." + action)
				: new CircuitOpenException(asked, this.time.instant(), "The request was not sent, because " + many
						+ "Whether that is over shows when the few requests are answered that are let through now."
						+ action);
	}

	// Derived from the current wall-clock time, which may have been adjusted since
	private Instant until() {
		return this.time.instant().plusNanos(this.openUntil - this.time.nanoTime());
	}

	// Resilience4j notices with the next request that its time is over
	private State state() {
		return switch (this.breaker.getState()) {
			case OPEN, FORCED_OPEN -> (this.openUntil - this.time.nanoTime() < 0) ? State.HALF_OPEN : State.OPEN;
			case HALF_OPEN -> State.HALF_OPEN;
			case CLOSED, DISABLED, METRICS_ONLY -> State.CLOSED;
		};
	}

	/**
	 * Leave for one request, which ends with the first report.
	 */
	@SuppressWarnings("serial")
	private final class Permit extends AtomicBoolean implements CircuitBreakers.Permit {

		private final CircuitBreaker.Metrics granted = ModelCircuitBreaker.this.breaker.getMetrics();

		private final long start = ModelCircuitBreaker.this.breaker.getCurrentTimestamp();

		@Override
		public void succeeded() {
			if (ends()) {
				ModelCircuitBreaker.this.breaker.onSuccess(elapsed(), TimeUnit.NANOSECONDS);
			}
		}

		@Override
		public void failed(Throwable failure) {
			if (ends()) {
				ModelCircuitBreaker.this.breaker.onError(elapsed(), TimeUnit.NANOSECONDS, failure);
			}
		}

		@Override
		public void release() {
			if (ends()) {
				ModelCircuitBreaker.this.breaker.releasePermission();
			}
		}

		private boolean ends() {
			return compareAndSet(false, true) && this.granted == ModelCircuitBreaker.this.breaker.getMetrics();
		}

		private long elapsed() {
			return Math.max(0, ModelCircuitBreaker.this.breaker.getCurrentTimestamp() - this.start);
		}

	}

}
