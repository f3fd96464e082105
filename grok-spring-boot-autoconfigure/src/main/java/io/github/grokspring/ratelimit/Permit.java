package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.event.RateLimitWaited;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

/**
 * What one request asks of {@link RateLimits} and holds below them. It waits, is granted
 * or refused, is used, and ends; each of these happens at most once, whoever asks for it.
 * Safe for use by several threads; what {@link RateLimiter} does to it is guarded by its
 * lock.
 */
final class Permit {

	private static final long FREE = -1;

	private static final Runnable DECIDED = () -> {
	};

	private final AtomicReference<State> state;

	private final AtomicReference<@Nullable Runnable> observer = new AtomicReference<>();

	private final RateLimiter queue;

	private final ModelLimiter model;

	private final String client;

	private final long promptTokens;

	private final long tokens;

	private final long askedAt;

	private final long number;

	private volatile long grantedAt;

	private volatile List<RateLimitWaited> waits = List.of();

	private volatile @Nullable RateLimitRejection refusal;

	private List<RateReservation> draws = List.of();

	private long requestsTaken;

	private long tokensTaken;

	private long requestsKeptBefore;

	private long tokensKeptBefore;

	private @Nullable Disposable deadline;

	private Permit(State state, RateLimiter queue, ModelLimiter model, String client, long promptTokens, long tokens,
			long askedAt, long number) {
		this.state = new AtomicReference<>(state);
		this.queue = queue;
		this.model = model;
		this.client = client;
		this.promptTokens = promptTokens;
		this.tokens = tokens;
		this.askedAt = askedAt;
		this.grantedAt = askedAt;
		this.number = number;
	}

	/**
	 * A permit of a request that nothing keeps.
	 */
	static Permit free(RateLimiter queue, ModelLimiter model, String client, long now) {
		return new Permit(State.GRANTED, queue, model, client, 0, 0, now, FREE);
	}

	/**
	 * A permit that has to wait its turn.
	 * @param promptTokens tokens that the prompt probably has
	 * @param tokens tokens that prompt and answer probably have
	 * @param number which request it is, counted from the start
	 */
	static Permit waiting(RateLimiter queue, ModelLimiter model, String client, long promptTokens, long tokens,
			long now, long number) {
		return new Permit(State.WAITING, queue, model, client, promptTokens, tokens, now, number);
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

	/**
	 * Whether nothing kept the request, so that it holds nothing.
	 */
	boolean isFree() {
		return this.number == FREE;
	}

	long number() {
		return this.number;
	}

	long askedAt() {
		return this.askedAt;
	}

	long grantedAt() {
		return this.grantedAt;
	}

	/**
	 * Note what has been taken from the rates of the model in all, this request included.
	 */
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

	List<RateReservation> draws() {
		return this.draws;
	}

	boolean isWaiting() {
		return this.state.get() == State.WAITING;
	}

	@Nullable RateLimitRejection refusal() {
		return this.refusal;
	}

	/**
	 * What the request has waited for, as soon as it does not wait any longer.
	 */
	List<RateLimitWaited> waits() {
		return this.waits;
	}

	/**
	 * Run something as soon as the request does not wait any longer, now if it does not.
	 * @param observer must not block; to be set once
	 */
	void onDecision(Runnable observer) {
		if (!this.observer.compareAndSet(null, observer)) {
			observer.run();
		}
	}

	/**
	 * Begin to use the permit.
	 * @return whether that is still possible
	 */
	boolean use() {
		return this.state.compareAndSet(State.GRANTED, State.USED);
	}

	/**
	 * No longer wait, or give back what was granted and has not been used.
	 * @return whether that was still possible
	 */
	boolean cancel() {
		return this.queue.cancel(this) || end(State.GRANTED, UsageReport.unsent());
	}

	/**
	 * Give back what was used.
	 * @param settlement how much of it
	 */
	void end(UsageReport settlement) {
		end(State.USED, settlement);
	}

	/**
	 * Begin to wait.
	 */
	void begin(long now) {
		this.requestsKeptBefore = this.model.obstacle().kept(LimitType.REQUESTS, now);
		this.tokensKeptBefore = this.model.obstacle().kept(LimitType.TOKENS, now);
	}

	void deadline(Disposable deadline) {
		this.deadline = deadline;
	}

	void grant(List<RateReservation> draws, long now) {
		this.draws = draws;
		this.grantedAt = now;
		decide(State.GRANTED, null, now);
	}

	void refuse(RateLimitRejection refusal, long now) {
		this.refusal = refusal;
		decide(State.REFUSED, refusal.limit(), now);
	}

	void abandon(long now) {
		decide(State.ENDED, null, now);
	}

	/**
	 * Tell whoever waits that it is decided. To be called without the lock.
	 */
	void signal() {
		Runnable waiting = this.observer.getAndSet(DECIDED);
		if (waiting != null) {
			waiting.run();
		}
	}

	private boolean end(State expected, UsageReport settlement) {
		boolean first = this.state.compareAndSet(expected, State.ENDED);
		if (first) {
			this.queue.ended(this, settlement);
		}
		return first;
	}

	private void decide(State decision, @Nullable LimitType refusedBy, long now) {
		if (this.deadline != null) {
			this.deadline.dispose();
		}
		long forRequests = this.model.obstacle().kept(LimitType.REQUESTS, now) - this.requestsKeptBefore;
		long forTokens = this.model.obstacle().kept(LimitType.TOKENS, now) - this.tokensKeptBefore;
		List<RateLimitWaited> events = new ArrayList<>(1);
		add(events, LimitType.REQUESTS, forRequests, refusedBy);
		add(events, LimitType.TOKENS, forTokens, refusedBy);
		add(events, LimitType.CONCURRENCY, now - this.askedAt - forRequests - forTokens, refusedBy);
		this.waits = events;
		this.state.set(decision);
	}

	private void add(List<RateLimitWaited> events, LimitType limit, long nanos, @Nullable LimitType refusedBy) {
		if (nanos > 0 || limit == refusedBy) {
			events.add(new RateLimitWaited(this.client, this.model.model(), limit.label(),
					Duration.ofNanos(Math.max(0, nanos))));
		}
	}

	private enum State {

		WAITING, GRANTED, REFUSED, USED, ENDED

	}

}
