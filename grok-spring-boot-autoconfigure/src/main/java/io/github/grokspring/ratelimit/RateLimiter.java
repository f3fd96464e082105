package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.token.PromptTokenEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Lets requests pass in the order in which they came. A request passes all limits at
 * once: the first in line of a model takes a place among those under way, then from the
 * rates of its model, and puts the place back if the rates keep it. So nobody holds one
 * thing while waiting for another, and requests to one model do not wait for the rates of
 * another.
 */
final class RateLimiter implements RateLimits {

	private static final Log logger = LogFactory.getLog(RateLimiter.class);

	/**
	 * Names of models come from requests and may be anything. Those that come too late
	 * share their limits.
	 */
	private static final int MOST_MODELS = 200;

	private static final String OTHER_MODELS = "other";

	private static final String UNKNOWN_MODEL = "unknown";

	/** Nobody sets aside more than this for an answer, which may be any length. */
	private static final long MOST_OUTPUT = 4_096;

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, ModelLimiter> models = new ConcurrentHashMap<>();

	private final Set<ModelLimiter> awaited = new LinkedHashSet<>();

	private final RateLimitSettings settings;

	private final UnaryOperator<String> names;

	private final PromptTokenEstimator estimator;

	private final RateStore store;

	private final TimeSource time;

	private final Scheduler timer;

	private int places;

	private int queued;

	private long arrivals;

	private boolean storeFails;

	RateLimiter(RateLimitSettings settings, UnaryOperator<String> names, PromptTokenEstimator estimator,
			RateStore store, TimeSource time, Scheduler timer) {
		this.settings = settings;
		this.names = names;
		this.estimator = estimator;
		this.store = store;
		this.time = time;
		this.timer = timer;
	}

	@Override
	public boolean isActive() {
		return this.settings.isActive();
	}

	/**
	 * Ask for a permit.
	 * @param client who asks
	 * @param prompt what is to be sent
	 * @return a permit, which may have to wait
	 */
	Permit acquire(String client, Prompt prompt) {
		ModelLimiter model = model(prompt.getOptions());
		if (this.settings.maxConcurrent() == 0 && model.isFree()) {
			Permit permit = Permit.free(this, model, client, this.time.nanoTime());
			model.note(permit);
			return permit;
		}
		long promptTokens = this.estimator.estimate(prompt);
		long tokens = promptTokens + output(prompt.getOptions(), model);
		return change((now, decided) -> {
			Permit permit = Permit.waiting(this, model, client, promptTokens, tokens, now, this.arrivals++);
			permit.begin(now);
			model.queue().add(permit);
			this.awaited.add(model);
			this.queued++;
			dispatch(now, decided);
			if (permit.isWaiting()) {
				permit.deadline(after(nanos(this.settings.maxWait()), () -> giveUp(permit)));
			}
			return permit;
		});
	}

	/**
	 * No longer wait.
	 * @param permit who waits
	 * @return whether it did
	 */
	boolean cancel(Permit permit) {
		if (!permit.isWaiting()) {
			return false;
		}
		return change((now, decided) -> {
			if (!permit.isWaiting()) {
				return false;
			}
			remove(permit, now);
			permit.abandon(now);
			dispatch(now, decided);
			return true;
		});
	}

	/**
	 * Take back what a permit holds.
	 * @param permit the permit, which has just ended
	 * @param settlement what has been used
	 */
	void ended(Permit permit, UsageReport settlement) {
		ModelLimiter model = permit.model();
		model.active().decrementAndGet();
		if (permit.isFree() && !(this.settings.learn() && settlement.isUsable())) {
			return;
		}
		change((now, decided) -> {
			if (!permit.isFree()) {
				this.places--;
			}
			model.settle(permit, settlement, now);
			model.obstacle().clear(now);
			model.refresh(now);
			dispatch(now, decided);
			return permit;
		});
	}

	@Override
	public RateLimitStatus status() {
		this.lock.lock();
		try {
			long now = this.time.nanoTime();
			List<ModelRateLimits> limits = this.models.values()
				.stream()
				.map((model) -> limits(model, now))
				.sorted(Comparator.comparing(ModelRateLimits::model))
				.toList();
			int active = limits.stream().mapToInt(ModelRateLimits::active).sum();
			return new RateLimitStatus(this.settings.maxConcurrent(), active, this.queued, limits);
		}
		finally {
			this.lock.unlock();
		}
	}

	private ModelRateLimits limits(ModelLimiter model, long now) {
		long paused = model.pausedFor(now);
		return new ModelRateLimits(model.model(), model.configured(), model.learned(),
				model.left(RateType.REQUESTS_PER_MINUTE), model.left(RateType.TOKENS_PER_MINUTE), model.active().get(),
				model.queue().size(), (paused > 0) ? this.time.instant().plusNanos(paused) : null);
	}

	private ModelLimiter model(@Nullable ChatOptions options) {
		String asked = (options != null) ? options.getModel() : null;
		String name = (asked != null) ? this.names.apply(asked) : UNKNOWN_MODEL;
		ModelLimiter model = this.models.get(name);
		if (model == null) {
			String bounded = (this.models.size() < MOST_MODELS) ? name : OTHER_MODELS;
			model = this.models.computeIfAbsent(bounded,
					(id) -> new ModelLimiter(id, this.settings, this.store, this.time.nanoTime()));
		}
		return model;
	}

	private static long output(@Nullable ChatOptions options, ModelLimiter model) {
		Integer most = (options != null) ? options.getMaxTokens() : null;
		return (most != null) ? Math.min(most, MOST_OUTPUT) : model.averageOutput();
	}

	/**
	 * Change something, and tell those for whom that decided something.
	 */
	private <T> T change(Change<T> change) {
		List<Permit> decided = new ArrayList<>(1);
		T result;
		this.lock.lock();
		try {
			result = change.make(this.time.nanoTime(), decided);
		}
		finally {
			this.lock.unlock();
		}
		decided.forEach(Permit::signal);
		return result;
	}

	/**
	 * Let everybody pass who can, and send those away for whom there is no room to wait.
	 */
	private void dispatch(long now, List<Permit> decided) {
		for (ModelLimiter model = next(now); model != null; model = next(now)) {
			attempt(model, now, decided);
		}
		while (this.queued > this.settings.maxQueued()) {
			Permit last = last();
			refuse(last, this.settings.maxQueued() + " others wait already ('grok.rate-limit.max-queued')", now,
					decided);
		}
	}

	/**
	 * The model whose first in line came before those of other models, of all whose rates
	 * are not known to keep them. Whether a model is paused is found out even when there
	 * is no place, so that nobody waits for one in vain.
	 */
	private @Nullable ModelLimiter next(long now) {
		ModelLimiter next = null;
		boolean place = this.settings.maxConcurrent() == 0 || this.places < this.settings.maxConcurrent();
		for (ModelLimiter model : this.awaited) {
			boolean ready = !model.isTrying() && model.obstacle().verdict() == null
					&& (place || model.pausedFor(now) > 0);
			if (ready && (next == null || model.queue().element().number() < next.queue().element().number())) {
				next = model;
			}
		}
		return next;
	}

	private Permit last() {
		Permit last = null;
		for (ModelLimiter model : this.awaited) {
			Permit candidate = model.queue().getLast();
			boolean mayGo = candidate != model.queue().getFirst() || !model.isTrying();
			if (mayGo && (last == null || candidate.number() > last.number())) {
				last = candidate;
			}
		}
		if (last == null) {
			throw new IllegalStateException("Nobody waits");
		}
		return last;
	}

	private void attempt(ModelLimiter model, long now, List<Permit> decided) {
		Permit first = model.queue().element();
		List<RateReservation> draws = model.draws(first);
		this.places++;
		this.queued--;
		model.trying(true);
		CompletableFuture<AcquireResult> verdict = model.take(draws, now);
		if (verdict.isDone()) {
			conclude(model, first, draws, verdict, now, decided);
			return;
		}
		verdict.whenComplete((passed, failure) -> change((later, laterDecided) -> {
			conclude(model, first, draws, verdict, later, laterDecided);
			dispatch(later, laterDecided);
			return first;
		}));
	}

	private void conclude(ModelLimiter model, Permit first, List<RateReservation> draws,
			CompletableFuture<AcquireResult> future, long now, List<Permit> decided) {
		model.trying(false);
		AcquireResult verdict = verdict(future);
		// Whoever has no answer from the store goes without: xAI still has its own
		// limits.
		List<RateReservation> taken = (verdict != null) ? draws : List.of();
		if (verdict != null && !verdict.passes()) {
			this.places--;
			if (first.isWaiting()) {
				this.queued++;
				model.obstacle().set(verdict, now, after(verdict.nanos(), () -> retry(model)));
				// Somebody else may be asked instead, and retries know how to wait.
				if (verdict.learned() && verdict.nanos() > first.askedAt() + nanos(this.settings.maxWait()) - now) {
					refuse(first, "that is longer than " + maxWait() + " allows", now, decided);
				}
			}
		}
		else if (first.isWaiting()) {
			model.queue().remove();
			removeIfIdle(model, now);
			model.begin(first);
			first.grant(taken, now);
			decided.add(first);
		}
		else {
			this.places--;
			taken.forEach(RateReservation::giveBack);
		}
	}

	private @Nullable AcquireResult verdict(CompletableFuture<AcquireResult> future) {
		try {
			AcquireResult verdict = future.join();
			this.storeFails = false;
			return verdict;
		}
		catch (CompletionException | CancellationException ex) {
			if (!this.storeFails) {
				logger.warn("The store of the rate limits does not answer; requests are not limited until it does", ex);
			}
			this.storeFails = true;
			return null;
		}
	}

	private void retry(ModelLimiter model) {
		change((now, decided) -> {
			model.obstacle().clear(now);
			dispatch(now, decided);
			return model;
		});
	}

	private void giveUp(Permit permit) {
		change((now, decided) -> {
			if (permit.isWaiting()) {
				refuse(permit, maxWait() + " is over", now, decided);
				dispatch(now, decided);
			}
			return permit;
		});
	}

	private String maxWait() {
		return "'grok.rate-limit.max-wait' (" + RateLimitRejection.words(this.settings.maxWait()) + ")";
	}

	private void refuse(Permit permit, String impatience, long now, List<Permit> decided) {
		RateLimitRejection refusal = refusal(permit, impatience, now);
		remove(permit, now);
		permit.refuse(refusal, now);
		decided.add(permit);
	}

	private RateLimitRejection refusal(Permit permit, String impatience, long now) {
		String model = permit.model().model();
		AcquireResult verdict = permit.model().obstacle().verdict();
		if (verdict == null) {
			return RateLimitRejection.of(model, LimitType.CONCURRENCY,
					"'grok.rate-limit.max-concurrent' (" + this.settings.maxConcurrent() + ")", impatience,
					Duration.ZERO);
		}
		Duration room = room(permit, verdict, now);
		return verdict.learned()
				? RateLimitRejection.learned(model, verdict.limit(), verdict.reason(), impatience, room,
						this.time.instant())
				: RateLimitRejection.of(model, verdict.limit(), verdict.reason(), impatience, room);
	}

	/**
	 * When there probably is room for somebody who waits: not before those who came
	 * before have passed.
	 */
	private static Duration room(Permit permit, AcquireResult verdict, long now) {
		Duration room = permit.model().obstacle().left(now);
		Rate rate = verdict.rate();
		if (rate != null) {
			long ahead = 0;
			for (Permit other : permit.model().queue()) {
				boolean first = other == permit.model().queue().getFirst();
				ahead += first ? 0
						: ((verdict.limit() == LimitType.TOKENS) ? Math.min(other.tokens(), rate.burst()) : 1);
				if (other == permit) {
					break;
				}
			}
			room = room.plus(rate.timeOf(ahead));
		}
		return room;
	}

	private void remove(Permit permit, long now) {
		ModelLimiter model = permit.model();
		boolean first = permit == model.queue().getFirst();
		model.queue().remove(permit);
		if (!first || !model.isTrying()) {
			this.queued--;
		}
		if (first) {
			// The next one may need less
			model.obstacle().clear(now);
		}
		removeIfIdle(model, now);
	}

	private void removeIfIdle(ModelLimiter model, long now) {
		if (model.queue().isEmpty()) {
			this.awaited.remove(model);
			model.refresh(now);
		}
	}

	private Disposable after(long nanos, Runnable task) {
		return this.timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
	}

	private static long nanos(Duration duration) {
		return (duration.toDays() < 365) ? duration.toNanos() : Duration.ofDays(365).toNanos();
	}

	/**
	 * A change of what the lock guards.
	 *
	 * @param <T> what comes of it
	 */
	@FunctionalInterface
	private interface Change<T> {

		T make(long now, List<Permit> decided);

	}

}
