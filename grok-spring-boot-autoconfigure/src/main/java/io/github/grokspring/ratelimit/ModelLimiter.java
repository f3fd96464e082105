package io.github.grokspring.ratelimit;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.ReachedLimit;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.metadata.RateLimit;

/**
 * The rates of one model. Guarded by the lock of {@link RateLimiter}, but for what says
 * otherwise.
 */
final class ModelLimiter {

	private static final double FIRST_GUESS_OF_OUTPUT = 500;

	/**
	 * The newest answer counts for an eighth, the one before for an eighth of the rest.
	 */
	private static final double WEIGHT_OF_NEWEST = 0.125;

	private final String model;

	private final OptionalRate configuredRequests;

	private final OptionalRate configuredTokens;

	private final Map<RateType, LearnedRate> learned = new EnumMap<>(RateType.class);

	private final List<OptionalRate> rates = new ArrayList<>();

	private final Cooldown pause = new Cooldown();

	private final WaitReason obstacle = new WaitReason();

	private final Deque<Permit> queue = new ArrayDeque<>();

	private boolean trying;

	private final AtomicInteger active = new AtomicInteger();

	private final AtomicLong requestsTaken = new AtomicLong();

	private final AtomicLong tokensTaken = new AtomicLong();

	private volatile double averageOutput = FIRST_GUESS_OF_OUTPUT;

	private volatile boolean free;

	private long tokensUnderWay;

	ModelLimiter(String model, RateLimitSettings settings, RateStore store, long now) {
		this.model = model;
		this.configuredRequests = new OptionalRate(RateType.REQUESTS_PER_MINUTE, model, false, store);
		this.configuredRequests.limitTo(settings.requestRate());
		this.configuredTokens = new OptionalRate(RateType.TOKENS_PER_MINUTE, model, false, store);
		this.configuredTokens.limitTo(settings.tokensPerMinute());
		this.rates.add(this.configuredRequests);
		this.rates.add(this.configuredTokens);
		if (settings.learn()) {
			for (RateType name : RateType.values()) {
				OptionalRate rate = new OptionalRate(name, model, true, store);
				this.learned.put(name, new LearnedRate(rate, now));
				this.rates.add(rate);
			}
		}
		refresh(now);
	}

	String model() {
		return this.model;
	}

	/**
	 * Those who wait, in the order in which they came.
	 */
	Deque<Permit> queue() {
		return this.queue;
	}

	WaitReason obstacle() {
		return this.obstacle;
	}

	/**
	 * Whether it is being found out if the first of those who wait may pass.
	 */
	boolean isTrying() {
		return this.trying;
	}

	void trying(boolean trying) {
		this.trying = trying;
	}

	/**
	 * Requests under way. Not guarded.
	 */
	AtomicInteger active() {
		return this.active;
	}

	/**
	 * How long the answers of this model usually are. Not guarded.
	 */
	long averageOutput() {
		return (long) Math.ceil(this.averageOutput);
	}

	/**
	 * Whether nothing keeps a request from passing, neither a limit nor others who came
	 * before. Not guarded.
	 */
	boolean isFree() {
		return this.free;
	}

	void refresh(long now) {
		boolean limited = false;
		for (OptionalRate rate : this.rates) {
			limited |= rate.rate() != null;
		}
		this.free = !limited && this.queue.isEmpty() && this.pause.left(now) == 0;
	}

	/**
	 * What a request is to take from the rates.
	 */
	List<RateReservation> draws(Permit permit) {
		List<RateReservation> draws = new ArrayList<>(this.rates.size());
		for (OptionalRate rate : this.rates) {
			RateReservation draw = rate.reserve(permit.tokens());
			if (draw != null) {
				draws.add(draw);
			}
		}
		return draws;
	}

	/**
	 * Take from all rates, or from none.
	 */
	CompletableFuture<AcquireResult> take(List<RateReservation> draws, long now) {
		long paused = this.pause.left(now);
		if (paused > 0) {
			return CompletableFuture.completedFuture(
					AcquireResult.paused(this.pause.limit(), paused, "the pause since it refused a request (429)"));
		}
		return AcquireResult.of(draws);
	}

	void begin(Permit permit) {
		note(permit);
		this.tokensUnderWay += permit.tokens();
	}

	/**
	 * Count a request that begins. Not guarded.
	 */
	void note(Permit permit) {
		this.active.incrementAndGet();
		permit.started(this.requestsTaken.incrementAndGet(), this.tokensTaken.addAndGet(permit.tokens()));
	}

	/**
	 * Correct what a request has taken, and learn from it.
	 */
	void settle(Permit permit, UsageReport settlement, long now) {
		this.tokensUnderWay -= permit.tokens();
		for (RateReservation draw : permit.draws()) {
			if (!settlement.sent()) {
				draw.giveBack();
			}
			else if (draw.limit() == LimitType.TOKENS && settlement.tokens() != UsageReport.AS_RESERVED) {
				draw.correct(settlement.tokens());
			}
		}
		if (settlement.isAnswer()) {
			this.averageOutput += WEIGHT_OF_NEWEST * (settlement.output() - this.averageOutput);
		}
		if (!this.learned.isEmpty()) {
			learn(permit, settlement, now);
		}
		// What was set aside and not used is not taken off: nobody knows whether headers
		// that are still on their way were written before it was used.
		this.tokensTaken.addAndGet(Math.max(0, settlement.tokens() - permit.tokens()));
	}

	private void learn(Permit permit, UsageReport settlement, long now) {
		long sentAt = permit.grantedAt();
		this.learned.values().forEach((rate) -> rate.forgetWhatIsOld(now));
		GrokApiException refusal = settlement.refusal();
		if (refusal != null) {
			if (refusal.kind() == ErrorKind.RATE_LIMITED) {
				learn(refusal, sentAt, now);
			}
		}
		else if (settlement.isAnswer()) {
			this.pause.answered(sentAt);
		}
		RateLimit told = settlement.told();
		if (told != null) {
			long requestsSince = this.requestsTaken.get() - permit.requestsTaken();
			boolean more = rate(RateType.REQUESTS_PER_MINUTE).updateFromHeaders(told.getRequestsLimit(),
					told.getRequestsRemaining(), Math.max(requestsSince, this.active.get()), sentAt, now);
			if (more) {
				// Headers never tell of seconds; a higher tier has more of them, too.
				rate(RateType.REQUESTS_PER_SECOND).forget();
			}
			long tokensSince = this.tokensTaken.get() - permit.tokensTaken();
			rate(RateType.TOKENS_PER_MINUTE).updateFromHeaders(told.getTokensLimit(), told.getTokensRemaining(),
					Math.max(tokensSince, this.tokensUnderWay), sentAt, now);
		}
	}

	private void learn(GrokApiException refusal, long sentAt, long now) {
		ReachedLimit reached = refusal.limit();
		RateType name = (reached != null) ? RateType.of(reached.bucket()) : null;
		this.pause.refused(refusal, name, sentAt, now);
		if (reached != null && name != null) {
			rate(name).updateFromRejection(reached.limit(), this.pause.left(now), now);
		}
	}

	private LearnedRate rate(RateType name) {
		LearnedRate rate = this.learned.get(name);
		if (rate == null) {
			throw new IllegalStateException("Nothing is learned about " + name.words());
		}
		return rate;
	}

	long pausedFor(long now) {
		return this.pause.left(now);
	}

	ModelRateLimits.Rates configured() {
		return new ModelRateLimits.Rates(null, this.configuredRequests.amount(), this.configuredTokens.amount());
	}

	ModelRateLimits.Rates learned() {
		return new ModelRateLimits.Rates(learned(RateType.REQUESTS_PER_SECOND), learned(RateType.REQUESTS_PER_MINUTE),
				learned(RateType.TOKENS_PER_MINUTE));
	}

	private @Nullable Long learned(RateType name) {
		LearnedRate rate = this.learned.get(name);
		return (rate != null) ? rate.amount() : null;
	}

	/**
	 * What is left of a minute, for whatever limits it most.
	 */
	@Nullable Long left(RateType name) {
		Long left = null;
		for (OptionalRate rate : this.rates) {
			RateBucket bucket = rate.bucket();
			if (rate.name() == name && bucket != null) {
				long amount = Math.max(0, bucket.left());
				left = (left != null) ? Math.min(left, amount) : amount;
			}
		}
		return left;
	}

}
