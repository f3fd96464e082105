package io.github.grokspring.ratelimit;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import io.github.grokspring.ratelimit.RateBucket.Reservation;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * Rates, cooldown and waiting requests of one model. Guarded by the lock of
 * {@link RateLimiter}, except for the methods documented as thread-safe.
 */
final class ModelLimiter {

	private static final double INITIAL_OUTPUT = 500;

	// Weight of the newest response in the moving average
	private static final double OUTPUT_WEIGHT = 0.125;

	private final String model;

	private final RateBucket configuredRequests;

	private final RateBucket configuredTokens;

	private final Map<LimitType, LearnedRateBucket> learned = new EnumMap<>(LimitType.class);

	private final List<RateBucket> buckets = new ArrayList<>();

	private final Cooldown cooldown = new Cooldown();

	private final Deque<Permit> queue = new ArrayDeque<>();

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicLong requestsTaken = new AtomicLong();

	private final AtomicLong tokensTaken = new AtomicLong();

	private volatile double averageOutput = INITIAL_OUTPUT;

	private volatile boolean unlimited;

	private long tokensInFlight;

	private @Nullable WaitReason waitReason;

	private @Nullable Disposable retry;

	private long waitingSince;

	private long requestWait;

	private long tokenWait;

	ModelLimiter(String model, RateLimitSettings settings, TimeSource time) {
		this.model = model;
		this.configuredRequests = new RateBucket(LimitType.REQUESTS_PER_MINUTE, time);
		this.configuredRequests.limitTo(settings.requestRate());
		this.configuredTokens = new RateBucket(LimitType.TOKENS_PER_MINUTE, time);
		this.configuredTokens.limitTo(settings.tokensPerMinute());
		this.buckets.add(this.configuredRequests);
		this.buckets.add(this.configuredTokens);
		if (settings.learn()) {
			LimitType.RATES.forEach((type) -> this.learned.put(type, new LearnedRateBucket(type, time)));
			this.buckets.addAll(this.learned.values());
		}
		refresh(time.nanoTime());
	}

	String model() {
		return this.model;
	}

	// In the order of arrival
	Deque<Permit> queue() {
		return this.queue;
	}

	/**
	 * Returns the number of requests in flight. Thread-safe.
	 */
	AtomicInteger active() {
		return this.active;
	}

	/**
	 * Returns the moving average of the output tokens of a response. Thread-safe.
	 */
	long averageOutput() {
		return (long) Math.ceil(this.averageOutput);
	}

	/**
	 * Returns whether requests can be sent without a reservation, as there is neither a
	 * rate nor a cooldown nor a queue. Thread-safe.
	 */
	boolean isUnlimited() {
		return this.unlimited;
	}

	void refresh(long now) {
		boolean limited = false;
		for (RateBucket bucket : this.buckets) {
			limited |= bucket.rate() != null;
		}
		this.unlimited = !limited && this.queue.isEmpty() && this.cooldown.remaining(now) == 0;
	}

	/**
	 * Takes from all rates or from none, and grants the permit if successful.
	 * @return {@code null} if the permit was granted, otherwise why it has to wait
	 */
	@Nullable WaitReason tryGrant(Permit permit, long now) {
		long cooldownNanos = this.cooldown.remaining(now);
		if (cooldownNanos > 0) {
			return WaitReason.cooldown(this.cooldown.limit(), cooldownNanos);
		}
		List<Reservation> taken = new ArrayList<>(this.buckets.size());
		for (RateBucket bucket : this.buckets) {
			Reservation reservation = bucket.reservation(permit.tokens());
			if (reservation != null) {
				long nanos = reservation.tryTake();
				if (nanos > 0) {
					taken.forEach(Reservation::giveBack);
					return WaitReason.exhausted(bucket, nanos);
				}
				taken.add(reservation);
			}
		}
		start(permit);
		this.tokensInFlight += permit.tokens();
		permit.grant(taken, now);
		return null;
	}

	/**
	 * Counts a request that starts. Thread-safe.
	 */
	void start(Permit permit) {
		this.active.incrementAndGet();
		permit.started(this.requestsTaken.incrementAndGet(), this.tokensTaken.addAndGet(permit.tokens()));
	}

	@Nullable WaitReason waitReason() {
		return this.waitReason;
	}

	void startWait(WaitReason reason, long now, Disposable retry) {
		this.waitReason = reason;
		this.waitingSince = now;
		this.retry = retry;
	}

	void endWait(long now) {
		this.requestWait = requestWait(now);
		this.tokenWait = tokenWait(now);
		if (this.retry != null) {
			this.retry.dispose();
		}
		this.waitReason = null;
		this.retry = null;
	}

	long remainingWait(long now) {
		return (this.waitReason != null) ? Math.max(0, this.waitReason.nanos() - (now - this.waitingSince)) : 0;
	}

	// Total nanoseconds that the queue has waited for rates of requests
	long requestWait(long now) {
		boolean current = this.waitReason != null && this.waitReason.limit() != LimitType.TOKENS_PER_MINUTE;
		return this.requestWait + (current ? now - this.waitingSince : 0);
	}

	// Total nanoseconds that the queue has waited for the rate of tokens
	long tokenWait(long now) {
		boolean current = this.waitReason != null && this.waitReason.limit() == LimitType.TOKENS_PER_MINUTE;
		return this.tokenWait + (current ? now - this.waitingSince : 0);
	}

	/**
	 * Replaces the estimates of a request by its usage, and learns limits from it.
	 */
	void settle(Permit permit, UsageReport report, long now) {
		this.tokensInFlight -= permit.tokens();
		for (Reservation reservation : permit.reservations()) {
			if (!report.sent()) {
				reservation.giveBack();
			}
			else if (reservation.owner().type() == LimitType.TOKENS_PER_MINUTE
					&& report.tokens() != UsageReport.UNKNOWN) {
				reservation.correct(report.tokens());
			}
		}
		if (report.isCompleted()) {
			this.averageOutput += OUTPUT_WEIGHT * (report.output() - this.averageOutput);
		}
		if (!this.learned.isEmpty()) {
			learn(permit, report, now);
		}
		// Unused tokens are not subtracted: headers that arrive later may have been
		// written before they were given back
		this.tokensTaken.addAndGet(Math.max(0, report.tokens() - permit.tokens()));
	}

	private void learn(Permit permit, UsageReport report, long now) {
		long sentAt = permit.grantedAt();
		this.learned.values().forEach((bucket) -> bucket.forgetOldRejections(now));
		GrokApiException rejection = report.rejection();
		if (rejection != null) {
			if (rejection.kind() == ErrorKind.RATE_LIMITED) {
				learn(rejection, sentAt, now);
			}
		}
		else if (report.isCompleted()) {
			this.cooldown.onSuccess(sentAt);
		}
		RateLimit headers = report.rateLimit();
		if (headers != null) {
			learn(headers, permit, sentAt, now);
		}
	}

	private void learn(GrokApiException rejection, long sentAt, long now) {
		ReachedLimit reached = rejection.limit();
		LimitType type = (reached != null) ? LimitType.ofRate(reached.bucket()) : null;
		this.cooldown.start(rejection, type, sentAt, now);
		if (reached != null && type != null) {
			bucket(type).updateFromRejection(reached.limit(), this.cooldown.remaining(now), now);
		}
	}

	private void learn(RateLimit headers, Permit permit, long sentAt, long now) {
		long requestsSince = this.requestsTaken.get() - permit.requestsTaken();
		boolean raised = bucket(LimitType.REQUESTS_PER_MINUTE).updateFromHeaders(headers.getRequestsLimit(),
				headers.getRequestsRemaining(), Math.max(requestsSince, this.active.get()), sentAt, now);
		if (raised) {
			// Headers have no limit per second, but a higher tier has a higher one
			bucket(LimitType.REQUESTS_PER_SECOND).forgetRejections();
		}
		long tokensSince = this.tokensTaken.get() - permit.tokensTaken();
		bucket(LimitType.TOKENS_PER_MINUTE).updateFromHeaders(headers.getTokensLimit(), headers.getTokensRemaining(),
				Math.max(tokensSince, this.tokensInFlight), sentAt, now);
	}

	private LearnedRateBucket bucket(LimitType type) {
		LearnedRateBucket bucket = this.learned.get(type);
		if (bucket == null) {
			throw new IllegalStateException("No limit is learned for " + type.displayName());
		}
		return bucket;
	}

	long cooldown(long now) {
		return this.cooldown.remaining(now);
	}

	ModelRateLimits status(@Nullable Instant cooldownEnd) {
		return new ModelRateLimits(this.model,
				new ModelRateLimits.Rates(null, this.configuredRequests.amount(), this.configuredTokens.amount()),
				new ModelRateLimits.Rates(learned(LimitType.REQUESTS_PER_SECOND),
						learned(LimitType.REQUESTS_PER_MINUTE), learned(LimitType.TOKENS_PER_MINUTE)),
				available(LimitType.REQUESTS_PER_MINUTE), available(LimitType.TOKENS_PER_MINUTE), this.active.get(),
				this.queue.size(), cooldownEnd);
	}

	private @Nullable Long learned(LimitType type) {
		LearnedRateBucket bucket = this.learned.get(type);
		return (bucket != null) ? bucket.amount() : null;
	}

	private @Nullable Long available(LimitType type) {
		Long min = null;
		for (RateBucket bucket : this.buckets) {
			Long available = (bucket.type() == type) ? bucket.available() : null;
			if (available != null) {
				long amount = Math.max(0, available);
				min = (min != null) ? Math.min(min, amount) : amount;
			}
		}
		return min;
	}

}
