package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.event.RateLimitWaited;
import io.github.grokspring.ratelimit.RateBucket.Reservation;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * Permission to send one request. A permit waits, is granted or rejected, is used, and is
 * released; each transition happens at most once. Safe for use by several threads; calls
 * from {@link RateLimiter} are guarded by its lock.
 */
final class Permit {

	private static final long UNLIMITED = -1;

	private static final Runnable SIGNALLED = () -> {
	};

	private final AtomicReference<State> state;

	private final AtomicReference<@Nullable Runnable> listener = new AtomicReference<>();

	private final RateLimiter limiter;

	private final ModelLimiter model;

	private final String client;

	private final long promptTokens;

	private final long tokens;

	private final long requestedAt;

	private final long sequence;

	private volatile long grantedAt;

	private volatile List<RateLimitWaited> waits = List.of();

	private volatile @Nullable RateLimitRejection rejection;

	private List<Reservation> reservations = List.of();

	private long requestsTaken;

	private long tokensTaken;

	private long requestWaitBefore;

	private long tokenWaitBefore;

	private @Nullable Disposable timeout;

	private Permit(State state, RateLimiter limiter, ModelLimiter model, String client, long promptTokens, long tokens,
			long requestedAt, long sequence) {
		this.state = new AtomicReference<>(state);
		this.limiter = limiter;
		this.model = model;
		this.client = client;
		this.promptTokens = promptTokens;
		this.tokens = tokens;
		this.requestedAt = requestedAt;
		this.grantedAt = requestedAt;
		this.sequence = sequence;
	}

	static Permit unlimited(RateLimiter limiter, ModelLimiter model, String client, long now) {
		return new Permit(State.GRANTED, limiter, model, client, 0, 0, now, UNLIMITED);
	}

	static Permit waiting(RateLimiter limiter, ModelLimiter model, String client, long promptTokens, long tokens,
			long now, long sequence) {
		return new Permit(State.WAITING, limiter, model, client, promptTokens, tokens, now, sequence);
	}

	ModelLimiter model() {
		return this.model;
	}

	long promptTokens() {
		return this.promptTokens;
	}

	long tokens() {
		return this.tokens;
	}

	// No limit applied, so nothing was reserved
	boolean isUnlimited() {
		return this.sequence == UNLIMITED;
	}

	long sequence() {
		return this.sequence;
	}

	long requestedAt() {
		return this.requestedAt;
	}

	long grantedAt() {
		return this.grantedAt;
	}

	void started(long requestsTaken, long tokensTaken) {
		this.requestsTaken = requestsTaken;
		this.tokensTaken = tokensTaken;
	}

	long requestsTaken() {
		return this.requestsTaken;
	}

	long tokensTaken() {
		return this.tokensTaken;
	}

	List<Reservation> reservations() {
		return this.reservations;
	}

	boolean isWaiting() {
		return this.state.get() == State.WAITING;
	}

	@Nullable RateLimitRejection rejection() {
		return this.rejection;
	}

	/**
	 * Returns the events about the wait, which are available once it is over.
	 */
	List<RateLimitWaited> waits() {
		return this.waits;
	}

	/**
	 * Registers the only listener, which runs as soon as the permit does not wait any
	 * longer, possibly at once. It must not block.
	 */
	void onDecision(Runnable listener) {
		if (!this.listener.compareAndSet(null, listener)) {
			listener.run();
		}
	}

	/**
	 * Starts to use the permit if it was granted and neither used nor cancelled before.
	 */
	boolean use() {
		return this.state.compareAndSet(State.GRANTED, State.USED);
	}

	/**
	 * Cancels the wait, or gives back a granted permit that has not been used.
	 */
	boolean cancel() {
		return this.limiter.cancel(this) || release(State.GRANTED, UsageReport.unsent());
	}

	/**
	 * Releases a used permit; further calls have no effect.
	 */
	void release(UsageReport report) {
		release(State.USED, report);
	}

	void startWaiting(long now) {
		this.requestWaitBefore = this.model.requestWait(now);
		this.tokenWaitBefore = this.model.tokenWait(now);
	}

	void timeout(Disposable timeout) {
		this.timeout = timeout;
	}

	void grant(List<Reservation> reservations, long now) {
		this.reservations = reservations;
		this.grantedAt = now;
		decide(State.GRANTED, null, now);
	}

	void reject(RateLimitRejection rejection, long now) {
		this.rejection = rejection;
		decide(State.REJECTED, rejection.limit(), now);
	}

	void abandon(long now) {
		decide(State.RELEASED, null, now);
	}

	// Called without the lock
	void signal() {
		Runnable registered = this.listener.getAndSet(SIGNALLED);
		if (registered != null) {
			registered.run();
		}
	}

	private boolean release(State expected, UsageReport report) {
		boolean first = this.state.compareAndSet(expected, State.RELEASED);
		if (first) {
			this.limiter.release(this, report);
		}
		return first;
	}

	private void decide(State decision, @Nullable LimitType rejectedBy, long now) {
		if (this.timeout != null) {
			this.timeout.dispose();
		}
		long requestWait = this.model.requestWait(now) - this.requestWaitBefore;
		long tokenWait = this.model.tokenWait(now) - this.tokenWaitBefore;
		String rejected = (rejectedBy != null) ? rejectedBy.label() : "";
		List<RateLimitWaited> events = new ArrayList<>(1);
		add(events, LimitType.REQUESTS_PER_MINUTE.label(), requestWait, rejected);
		add(events, LimitType.TOKENS_PER_MINUTE.label(), tokenWait, rejected);
		add(events, LimitType.CONCURRENCY.label(), now - this.requestedAt - requestWait - tokenWait, rejected);
		this.waits = events;
		this.state.set(decision);
	}

	private void add(List<RateLimitWaited> events, String limit, long nanos, String rejected) {
		if (nanos > 0 || limit.equals(rejected)) {
			events
				.add(new RateLimitWaited(this.client, this.model.model(), limit, Duration.ofNanos(Math.max(0, nanos))));
		}
	}

	private enum State {

		WAITING, GRANTED, REJECTED, USED, RELEASED

	}

}
