package io.github.grokspring.ratelimit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.TimeSource;
import io.github.grokspring.token.PromptTokenEstimator;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.scheduler.Scheduler;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Fair rate limiter. Each model has a queue; the first permit of a queue is granted when
 * the concurrency limit and all rates of the model allow it at the same time. A request
 * never holds one limit while it waits for another, and models do not wait for the rates
 * of other models.
 */
final class RateLimiter implements RateLimits {

	// Model names come from requests, so their number is not bounded otherwise. Further
	// models share one limiter.
	private static final int MAX_MODELS = 200;

	private static final String OTHER_MODELS = "other";

	private static final String UNKNOWN_MODEL = "unknown";

	// Maximum number of output tokens reserved for a response of any length
	private static final long MAX_OUTPUT = 4_096;

	private static final Duration MAX_DURATION = Duration.ofDays(365);

	private final ReentrantLock lock = new ReentrantLock();

	private final Map<String, ModelLimiter> models = new ConcurrentHashMap<>();

	private final Set<ModelLimiter> waitingModels = new LinkedHashSet<>();

	private final RateLimitSettings settings;

	private final UnaryOperator<String> modelIds;

	private final PromptTokenEstimator estimator;

	private final TimeSource time;

	private final Scheduler timer;

	private int concurrent;

	private int queued;

	private long nextSequence;

	RateLimiter(RateLimitSettings settings, UnaryOperator<String> modelIds, PromptTokenEstimator estimator,
			TimeSource time, Scheduler timer) {
		this.settings = settings;
		this.modelIds = modelIds;
		this.estimator = estimator;
		this.time = time;
		this.timer = timer;
	}

	@Override
	public boolean isActive() {
		return this.settings.isActive();
	}

	/**
	 * Requests a permit, which is granted, rejected or waiting when returned.
	 */
	Permit acquire(String client, Prompt prompt) {
		ModelLimiter model = model(prompt.getOptions());
		if (this.settings.maxConcurrent() == 0 && model.isUnlimited()) {
			Permit permit = Permit.unlimited(this, model, client, this.time.nanoTime());
			model.start(permit);
			return permit;
		}
		long promptTokens = this.estimator.estimate(prompt);
		long tokens = promptTokens + expectedOutput(prompt.getOptions(), model);
		return update((now, decided) -> {
			Permit permit = Permit.waiting(this, model, client, promptTokens, tokens, now, this.nextSequence++);
			permit.startWaiting(now);
			model.queue().add(permit);
			this.waitingModels.add(model);
			this.queued++;
			dispatch(now, decided);
			if (permit.isWaiting()) {
				permit.timeout(schedule(nanos(this.settings.maxWait()), () -> timeOut(permit)));
			}
			return permit;
		});
	}

	/**
	 * Removes a waiting permit from its queue; returns whether it was waiting.
	 */
	boolean cancel(Permit permit) {
		if (!permit.isWaiting()) {
			return false;
		}
		return update((now, decided) -> {
			if (!permit.isWaiting()) {
				return false;
			}
			remove(permit, now);
			permit.abandon(now);
			dispatch(now, decided);
			return true;
		});
	}

	void release(Permit permit, UsageReport report) {
		ModelLimiter model = permit.model();
		model.active().decrementAndGet();
		if (permit.isUnlimited() && !(this.settings.learn() && report.hasLimits())) {
			return;
		}
		update((now, decided) -> {
			if (!permit.isUnlimited()) {
				this.concurrent--;
			}
			model.settle(permit, report, now);
			model.endWait(now);
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
				.map((model) -> status(model, now))
				.sorted(Comparator.comparing(ModelRateLimits::model))
				.toList();
			int active = limits.stream().mapToInt(ModelRateLimits::active).sum();
			return new RateLimitStatus(this.settings.maxConcurrent(), active, this.queued, limits);
		}
		finally {
			this.lock.unlock();
		}
	}

	private ModelRateLimits status(ModelLimiter model, long now) {
		long cooldown = model.cooldown(now);
		return model.status((cooldown > 0) ? this.time.instant().plusNanos(cooldown) : null);
	}

	private ModelLimiter model(@Nullable ChatOptions options) {
		String requested = (options != null) ? options.getModel() : null;
		String id = (requested != null) ? this.modelIds.apply(requested) : UNKNOWN_MODEL;
		ModelLimiter model = this.models.get(id);
		if (model == null) {
			String bounded = (this.models.size() < MAX_MODELS) ? id : OTHER_MODELS;
			model = this.models.computeIfAbsent(bounded, (key) -> new ModelLimiter(key, this.settings, this.time));
		}
		return model;
	}

	private static long expectedOutput(@Nullable ChatOptions options, ModelLimiter model) {
		Integer maxTokens = (options != null) ? options.getMaxTokens() : null;
		return (maxTokens != null) ? Math.min(maxTokens, MAX_OUTPUT) : model.averageOutput();
	}

	// Signals the decided permits after the lock is released
	private <T> T update(Update<T> update) {
		List<Permit> decided = new ArrayList<>(1);
		T result;
		this.lock.lock();
		try {
			result = update.execute(this.time.nanoTime(), decided);
		}
		finally {
			this.lock.unlock();
		}
		decided.forEach(Permit::signal);
		return result;
	}

	/**
	 * Grants as many permits as possible, then rejects the newest ones if too many wait.
	 */
	private void dispatch(long now, List<Permit> decided) {
		for (ModelLimiter model = next(now); model != null; model = next(now)) {
			tryGrant(model, now, decided);
		}
		while (this.queued > this.settings.maxQueued()) {
			reject(newest(), this.settings.maxQueued() + " requests are already waiting ('grok.rate-limit.max-queued')",
					now, decided);
		}
	}

	/**
	 * Returns the model with the oldest waiting permit among those that are not known to
	 * be delayed. A model in cooldown is also returned when the concurrency limit is
	 * reached, so that its requests are rejected early instead of waiting for it.
	 */
	private @Nullable ModelLimiter next(long now) {
		ModelLimiter next = null;
		boolean available = this.settings.maxConcurrent() == 0 || this.concurrent < this.settings.maxConcurrent();
		for (ModelLimiter model : this.waitingModels) {
			boolean ready = model.waitReason() == null && (available || model.cooldown(now) > 0);
			if (ready && (next == null || model.queue().element().sequence() < next.queue().element().sequence())) {
				next = model;
			}
		}
		return next;
	}

	private Permit newest() {
		return this.waitingModels.stream()
			.map((model) -> model.queue().getLast())
			.max(Comparator.comparingLong(Permit::sequence))
			.orElseThrow();
	}

	private void tryGrant(ModelLimiter model, long now, List<Permit> decided) {
		Permit first = model.queue().element();
		WaitReason reason = model.tryGrant(first, now);
		if (reason == null) {
			this.concurrent++;
			this.queued--;
			model.queue().remove();
			removeIfIdle(model, now);
			decided.add(first);
			return;
		}
		model.startWait(reason, now, schedule(reason.nanos(), () -> retry(model)));
		// Reject early where xAI sets the limit: retries know how to wait, and a fallback
		// may use another model
		if (reason.learned() && reason.nanos() > first.requestedAt() + nanos(this.settings.maxWait()) - now) {
			reject(first, "waiting that long exceeds " + maxWait(), now, decided);
		}
	}

	private void retry(ModelLimiter model) {
		update((now, decided) -> {
			model.endWait(now);
			dispatch(now, decided);
			return model;
		});
	}

	private void timeOut(Permit permit) {
		update((now, decided) -> {
			if (permit.isWaiting()) {
				reject(permit, maxWait() + " has elapsed", now, decided);
				dispatch(now, decided);
			}
			return permit;
		});
	}

	private String maxWait() {
		return "'grok.rate-limit.max-wait' (" + RateLimitRejection.format(this.settings.maxWait()) + ")";
	}

	private void reject(Permit permit, String waitLimit, long now, List<Permit> decided) {
		RateLimitRejection rejection = rejection(permit, waitLimit, now);
		remove(permit, now);
		permit.reject(rejection, now);
		decided.add(permit);
	}

	private RateLimitRejection rejection(Permit permit, String waitLimit, long now) {
		String model = permit.model().model();
		WaitReason reason = permit.model().waitReason();
		if (reason == null) {
			return RateLimitRejection.configured(model, LimitType.CONCURRENCY,
					"'grok.rate-limit.max-concurrent' (" + this.settings.maxConcurrent() + ")", waitLimit,
					Duration.ZERO);
		}
		Duration expectedWait = expectedWait(permit, reason, now);
		return reason.learned()
				? RateLimitRejection.learned(model, reason, waitLimit, expectedWait, this.time.instant())
				: RateLimitRejection.configured(model, reason.limit(), reason.description(), waitLimit, expectedWait);
	}

	// Includes the requests ahead
	private static Duration expectedWait(Permit permit, WaitReason reason, long now) {
		Duration wait = Duration.ofNanos(permit.model().remainingWait(now));
		Rate rate = reason.rate();
		if (rate == null) {
			return wait;
		}
		Permit first = permit.model().queue().getFirst();
		long needed = 0;
		for (Permit other : permit.model().queue()) {
			if (other != first) {
				needed += (reason.limit() == LimitType.TOKENS_PER_MINUTE) ? Math.min(other.tokens(), rate.burst()) : 1;
			}
			if (other == permit) {
				break;
			}
		}
		return wait.plus(rate.refillTime(needed));
	}

	private void remove(Permit permit, long now) {
		ModelLimiter model = permit.model();
		boolean first = permit == model.queue().getFirst();
		model.queue().remove(permit);
		this.queued--;
		if (first) {
			// The next request may need less
			model.endWait(now);
		}
		removeIfIdle(model, now);
	}

	private void removeIfIdle(ModelLimiter model, long now) {
		if (model.queue().isEmpty()) {
			this.waitingModels.remove(model);
			model.refresh(now);
		}
	}

	private Disposable schedule(long nanos, Runnable task) {
		return this.timer.schedule(task, nanos, TimeUnit.NANOSECONDS);
	}

	private static long nanos(Duration duration) {
		return ((duration.compareTo(MAX_DURATION) < 0) ? duration : MAX_DURATION).toNanos();
	}

	@FunctionalInterface
	private interface Update<T> {

		T execute(long now, List<Permit> decided);

	}

}
