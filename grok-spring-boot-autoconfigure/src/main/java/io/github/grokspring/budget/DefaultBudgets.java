package io.github.grokspring.budget;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetStore.Decision;
import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.BudgetStore.Usage;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.Ticks;
import io.github.grokspring.event.GrokEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.Assert;

/**
 * {@link Budgets} with a {@link BudgetStore}.
 */
final class DefaultBudgets implements Budgets {

	/**
	 * Maximum number of exhausted windows that are remembered.
	 */
	static final int MAX_EXHAUSTED = 50_000;

	private static final int RENEWALS_PER_LEASE = 4;

	private static final Log logger = LogFactory.getLog(DefaultBudgets.class);

	private final List<Budget> budgets;

	/**
	 * Budgets that reject calls come first, because a cheaper model does not help if a
	 * call is rejected anyway.
	 */
	private final List<WindowedBudget> windowedBudgets;

	/**
	 * Indexes of the budgets with a limit per model.
	 */
	private final List<Integer> modelScopedIndexes;

	private final BudgetStore store;

	private final BudgetSettings settings;

	private final InstantSource clock;

	private final LongSupplier nanoTime;

	/**
	 * Age at which a lease is renewed, in nanoseconds.
	 */
	private final long renewAfter;

	private final BudgetNotifier notifier;

	private final SettlementExecutor settlementExecutor = new SettlementExecutor();

	private final SettlementOutbox outbox;

	/**
	 * Windows in which calls of average size are rejected.
	 */
	private final RecentEntries<BudgetKey> exhausted = new RecentEntries<>(MAX_EXHAUSTED);

	private final RecentOverruns recentOverruns = new RecentOverruns();

	DefaultBudgets(List<Budget> budgets, BudgetStore store, BudgetSettings terms, GrokEventListener listener,
			InstantSource clock, LongSupplier nanoTime, SettlementOutbox.Timer timer) {
		Assert.isTrue(budgets.stream().map(Budget::name).distinct().count() == budgets.size(),
				"'budgets' must have different names");
		this.budgets = List.copyOf(budgets);
		this.windowedBudgets = budgets.stream()
			.sorted(Comparator.comparing((budget) -> budget.onExceeded() == OnExceeded.DOWNGRADE))
			.map((budget) -> new WindowedBudget(budget, terms, nanoTime))
			.toList();
		this.modelScopedIndexes = IntStream.range(0, this.windowedBudgets.size())
			.filter((i) -> this.windowedBudgets.get(i).budget().scope() == BudgetScope.MODEL)
			.boxed()
			.toList();
		this.store = store;
		this.outbox = new SettlementOutbox(timer);
		this.settings = terms;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.renewAfter = TimeUnit.NANOSECONDS.convert(terms.lease()) / RENEWALS_PER_LEASE;
		this.notifier = new BudgetNotifier(GrokEventListener.failSafe(listener));
		this.windowedBudgets.forEach(this::warnAboutUncounted);
	}

	private void warnAboutUncounted(WindowedBudget line) {
		Budget budget = line.budget();
		BudgetPeriod period = line.key(this.clock.instant()).period();
		try {
			long sum = sum(this.store.usage(budget.name())
				.stream()
				.filter((usage) -> !usage.key().period().equals(period) || !usage.key().matches(budget))
				.map(Usage::used)
				.toList());
			if (sum > 0) {
				logger.warn("Budget '" + budget.name() + "' was kept with another 'zone', 'window' or 'scope' before."
						+ " $" + Ticks.toUsd(sum).stripTrailingZeros().toPlainString()
						+ " that were spent under it no longer count. Restore the property, or add what still counts"
						+ " with 'adjust' of the bean 'grokBudgets'.");
			}
		}
		catch (Exception ex) {
			logger
				.warn("What budget '" + budget.name() + "' had used before cannot be read: " + ex.getClass().getName());
		}
	}

	@Override
	public List<Budget> budgets() {
		return this.budgets;
	}

	@Override
	public boolean mayWait() {
		return this.store.mayWait();
	}

	@Override
	public void close() {
		this.settlementExecutor.close();
		this.outbox.close();
	}

	@Override
	public long unsettledTicks() {
		return this.outbox.ticks();
	}

	@Override
	public List<BudgetStatus> status() {
		Instant now = this.clock.instant();
		List<BudgetStatus> status = new ArrayList<>();
		for (Budget budget : this.budgets) {
			WindowedBudget line = windowedBudget(budget);
			BudgetKey all = line.key(now);
			if (budget.scope() == BudgetScope.ALL) {
				status.add(status(budget, this.store.usage(List.of(all)).get(0)));
				continue;
			}
			this.store.usage(budget.name())
				.stream()
				.filter((usage) -> usage.key().matches(budget) && usage.key().period().equals(all.period()))
				.sorted(Comparator.comparing((usage) -> usage.key().scope()))
				.forEach((usage) -> status.add(status(budget, usage)));
		}
		return status;
	}

	private WindowedBudget windowedBudget(Budget budget) {
		return this.windowedBudgets.stream().filter((line) -> line.budget() == budget).findFirst().orElseThrow();
	}

	private BudgetStatus status(Budget budget, Usage usage) {
		BudgetPeriod period = usage.key().period();
		return new BudgetStatus(budget.name(), budget.scope(), usage.key().scope(), budget.limit(), usage.used(),
				usage.reserved(), (period.window() != BudgetWindow.TOTAL) ? period.start() : null, period.end(),
				usage.used() >= budget.limit() || this.exhausted.contains(usage.key()));
	}

	@Override
	public BudgetStatus adjust(String budget, @Nullable String scopeValue, BigDecimal delta) {
		WindowedBudget line = this.windowedBudgets.stream()
			.filter((candidate) -> candidate.budget().name().equals(budget))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no budget '" + LogSanitizer.sanitize(budget)
					+ "'. The budgets are " + this.budgets.stream().map(Budget::name).sorted().toList() + "."));
		BudgetKey key = key(line, scopeValue);
		Usage usage = this.store.adjust(key, ticksOf(delta));
		this.exhausted.remove(key);
		logger.info("Budget '" + budget + "' of '" + LogSanitizer.sanitize(key.scope()) + "' was adjusted by $"
				+ delta.toPlainString() + " and has used $" + Ticks.toUsd(usage.used()).toPlainString());
		return status(line.budget(), usage);
	}

	private BudgetKey key(WindowedBudget line, @Nullable String scopeValue) {
		Budget budget = line.budget();
		BudgetKey all = line.key(this.clock.instant());
		if (budget.scope() == BudgetScope.ALL) {
			if (scopeValue != null && !scopeValue.equals(WindowedBudget.ALL)) {
				throw new IllegalArgumentException(
						"Budget '" + budget.name() + "' is one for all calls. Leave out the scope value, or set it to '"
								+ WindowedBudget.ALL + "'.");
			}
			return all;
		}
		if (scopeValue == null || scopeValue.isBlank()) {
			String scope = budget.scope().name().toLowerCase(Locale.ROOT);
			throw new IllegalArgumentException("Budget '" + budget.name() + "' has a limit for each " + scope
					+ ". Set the scope value to the name of the " + scope + ".");
		}
		return new BudgetKey(budget.name(), scopeValue, all.period(), budget.scope());
	}

	private static long ticksOf(BigDecimal delta) {
		try {
			return Budget.ticks(delta);
		}
		catch (ArithmeticException ex) {
			throw new IllegalArgumentException(
					"The amount to add is out of range or has more than ten decimals. Set an amount in US dollars.",
					ex);
		}
	}

	@Override
	public Reservation reserve(BudgetRequest request) {
		Instant now = this.clock.instant();
		Set<String> tried = new HashSet<>(Set.of(request.model()));
		ReservationRequest storeRequest = request(request, request.model(), tried, now);
		while (true) {
			Decision decision = this.store.reserve(storeRequest.claims(), this.settings.lease());
			Lease lease = decision.lease();
			if (lease != null) {
				return createReservation(request, storeRequest, decision, lease);
			}
			storeRequest = nextRequest(request, storeRequest, decision, tried, now);
		}
	}

	private StoreReservation createReservation(BudgetRequest request, ReservationRequest storeRequest,
			Decision decision, Lease lease) {
		try {
			warnWhereExceeded(request, storeRequest, decision);
			storeRequest.claims().forEach((claim) -> this.exhausted.remove(claim.key()));
			return new StoreReservation(request, storeRequest, lease);
		}
		catch (Throwable ex) {
			release(request.client(), lease);
			throw ex;
		}
	}

	private void release(String client, Lease lease) {
		this.outbox.settle(new SettlementOutbox.Settlement(client, 0, () -> this.store.release(lease)));
	}

	/**
	 * Returns the next request after a rejection: the cheaper model of the rejecting
	 * budget or, if that is not cheaper, the same model up to the whole limit.
	 */
	private ReservationRequest nextRequest(BudgetRequest request, ReservationRequest storeRequest, Decision decision,
			Set<String> tried, Instant now) {
		Budget full = this.windowedBudgets.get(decision.refused()).budget();
		Usage usage = decision.usage().get(decision.refused());
		Claim claim = storeRequest.claims().get(decision.refused());
		String cheaper = full.downgradeModel();
		boolean lasting = isExceededByUsage(claim, claim.limit(), usage);
		if (cheaper == null || !tried.add(cheaper)) {
			boolean exhausted = lasting && isTypicalSize(storeRequest, decision.refused(), now);
			// The status omits tenants and models without usage.
			if (exhausted && (usage.used() > 0 || full.scope() == BudgetScope.ALL)) {
				this.exhausted.add(claim.key());
			}
			if (lasting) {
				this.notifier.budgetExceeded(request.client(), full, usage, OnExceeded.FAIL, exhausted);
			}
			throw this.notifier.rejection(full, usage, claim.ticks());
		}
		ReservationRequest next = request(request, cheaper, tried, now);
		if (!isCheaper(request, next, storeRequest)) {
			return request(request, storeRequest.model(), tried, now);
		}
		if (lasting) {
			this.notifier.budgetExceeded(request.client(), full, usage, OnExceeded.DOWNGRADE, false);
		}
		return next;
	}

	private static boolean isCheaper(BudgetRequest request, ReservationRequest next, ReservationRequest storeRequest) {
		long rate = request.rate().applyAsLong(next.model());
		long wanted = request.rate().applyAsLong(storeRequest.model());
		return (rate > 0 && wanted > 0) ? rate < wanted : next.estimate().total() < storeRequest.estimate().total();
	}

	/**
	 * Whether the limit is exceeded even without reservations.
	 */
	private static boolean isExceededByUsage(Claim claim, long limit, Usage usage) {
		return usage.used() > limit - claim.ticks();
	}

	/**
	 * Whether a call reserves no more than one without known overruns, so that its
	 * rejection means that hardly any other call fits.
	 */
	private boolean isTypicalSize(ReservationRequest storeRequest, int index, Instant now) {
		long seen = this.recentOverruns.largest(storeRequest.estimate().model(), now);
		return storeRequest.claims().get(index).ticks() <= this.windowedBudgets.get(index).ceiling(seen);
	}

	private ReservationRequest request(BudgetRequest request, String model, Set<String> tried, Instant now) {
		CostEstimator.Estimate estimate = request.estimates().apply(model);
		long seen = this.recentOverruns.largest(estimate.model(), now);
		List<Claim> claims = new ArrayList<>(this.windowedBudgets.size());
		for (WindowedBudget line : this.windowedBudgets) {
			String cheaper = line.budget().downgradeModel();
			claims.add(line.claim(line.key(request, estimate.model(), now), estimate, seen,
					cheaper != null && (tried.contains(cheaper) || estimate.model().equals(cheaper))));
		}
		return new ReservationRequest(model, estimate, claims);
	}

	private void warnWhereExceeded(BudgetRequest request, ReservationRequest storeRequest, Decision decision) {
		for (int i = 0; i < this.windowedBudgets.size(); i++) {
			Budget budget = this.windowedBudgets.get(i).budget();
			if (budget.onExceeded() == OnExceeded.WARN) {
				Usage usage = decision.usage().get(i);
				if (isExceededByUsage(storeRequest.claims().get(i), budget.limit(), usage)) {
					this.notifier.budgetExceeded(request.client(), budget, usage, OnExceeded.WARN, false);
				}
			}
		}
	}

	private static long sum(Collection<Long> ticks) {
		long sum = 0;
		for (long some : ticks) {
			sum = Ticks.plus(sum, some);
		}
		return sum;
	}

	/**
	 * Request to the store.
	 *
	 * @param model the model to call
	 * @param estimate the estimated cost
	 * @param claims the claims, in the order of the budgets
	 */
	private record ReservationRequest(String model, CostEstimator.Estimate estimate, List<Claim> claims) {

		long minimum() {
			return this.claims.stream().mapToLong(Claim::ticks).min().orElse(Long.MAX_VALUE);
		}

	}

	private final class StoreReservation implements Reservation {

		private final BudgetRequest request;

		private final ReservationRequest storeRequest;

		private final List<BudgetKey> keys;

		private final long reserved;

		/**
		 * Guards the following fields. A cancellation can come on any thread.
		 */
		private final ReentrantLock lock = new ReentrantLock();

		/**
		 * {@code null} while the reservation is released.
		 */
		private @Nullable Lease lease;

		private boolean ended;

		private final FallbackReservations fallbackReservations = new FallbackReservations(DefaultBudgets.this.store);

		private final AtomicLong cost = new AtomicLong();

		private final AtomicLong lastRenewal = new AtomicLong(DefaultBudgets.this.nanoTime.getAsLong());

		StoreReservation(BudgetRequest request, ReservationRequest storeRequest, Lease lease) {
			this.request = request;
			this.storeRequest = storeRequest;
			this.lease = lease;
			this.keys = lease.keys();
			this.reserved = lease.ticks();
		}

		@Override
		public String model() {
			return this.storeRequest.model();
		}

		@Override
		public long ticks() {
			return this.reserved;
		}

		@Override
		public long maximumCost(String model) {
			try {
				return this.request.estimates().apply(model).total();
			}
			catch (Throwable ex) {
				logger.debug("What model '" + LogSanitizer.sanitize(model) + "' costs at most is not known", ex);
				return Long.MAX_VALUE;
			}
		}

		@Override
		public void attemptStarted(String model) {
			if (model.equals(this.storeRequest.model()) && !isSuspended()) {
				touch();
				return;
			}
			this.lastRenewal.set(DefaultBudgets.this.nanoTime.getAsLong());
			renew(() -> {
				CostEstimator.Estimate estimate = this.request.estimates().apply(model);
				List<Long> ticks = ticksOf(estimate);
				reserve(ticks);
				if (hasSeparateLimit(estimate.model())) {
					this.fallbackReservations.reserve(estimate.model(), keysOf(estimate.model()),
							DefaultBudgets.this.modelScopedIndexes.stream().map(ticks::get).toList(),
							DefaultBudgets.this.settings.lease());
				}
			});
		}

		private boolean isSuspended() {
			this.lock.lock();
			try {
				return this.lease == null && !this.ended;
			}
			finally {
				this.lock.unlock();
			}
		}

		/**
		 * Reserves at least these amounts, or without amounts as much as before, unless
		 * the call has ended.
		 */
		private void reserve(List<Long> ticks) {
			this.lock.lock();
			try {
				Lease held = this.lease;
				if (held != null) {
					DefaultBudgets.this.store.renew(held, ticks, DefaultBudgets.this.settings.lease());
				}
				else if (!this.ended && !ticks.isEmpty()) {
					this.lease = FallbackReservations.reserveUnconditionally(DefaultBudgets.this.store, this.keys,
							ticks, DefaultBudgets.this.settings.lease());
				}
			}
			finally {
				this.lock.unlock();
			}
		}

		@Override
		public void suspend() {
			execute(() -> {
				Lease held = takeLease(false);
				if (held != null) {
					release(this.request.client(), held);
				}
				this.fallbackReservations.suspend().forEach((other) -> release(this.request.client(), other));
			});
		}

		private @Nullable Lease takeLease(boolean last) {
			this.lock.lock();
			try {
				Lease held = this.lease;
				this.lease = null;
				this.ended |= last;
				return held;
			}
			finally {
				this.lock.unlock();
			}
		}

		private List<Long> ticksOf(CostEstimator.Estimate estimate) {
			long seen = DefaultBudgets.this.recentOverruns.largest(estimate.model(),
					DefaultBudgets.this.clock.instant());
			List<Long> ticks = new ArrayList<>(this.keys.size());
			for (int i = 0; i < this.keys.size(); i++) {
				ticks.add(DefaultBudgets.this.windowedBudgets.get(i)
					.claim(this.keys.get(i), estimate, seen, true)
					.ticks());
			}
			return ticks;
		}

		private boolean hasSeparateLimit(String id) {
			return !DefaultBudgets.this.modelScopedIndexes.isEmpty()
					&& !id.equals(this.storeRequest.estimate().model());
		}

		/**
		 * Returns the keys of another model in the same windows.
		 */
		private List<BudgetKey> keysOf(String id) {
			return DefaultBudgets.this.modelScopedIndexes.stream()
				.map(this.keys::get)
				.map((key) -> new BudgetKey(key.budget(), id, key.period(), key.scopeType()))
				.toList();
		}

		private String idOf(String model) {
			if (DefaultBudgets.this.modelScopedIndexes.isEmpty() || model.equals(this.storeRequest.model())) {
				return this.storeRequest.estimate().model();
			}
			try {
				return this.request.estimates().apply(model).model();
			}
			catch (Throwable ex) {
				// The actual cost must be recorded even if the estimate fails.
				logger.debug("The id of model '" + LogSanitizer.sanitize(model) + "' is not known", ex);
				return model;
			}
		}

		@Override
		public void touch() {
			long now = DefaultBudgets.this.nanoTime.getAsLong();
			long last = this.lastRenewal.get();
			if (now - last >= DefaultBudgets.this.renewAfter && this.lastRenewal.compareAndSet(last, now)) {
				renew(() -> {
					reserve(List.of());
					this.fallbackReservations.renew(DefaultBudgets.this.settings.lease());
				});
			}
		}

		private void renew(Runnable renewal) {
			execute(() -> {
				try {
					renewal.run();
				}
				catch (Throwable ex) {
					logger.error("The reservation of a call of client '" + this.request.client()
							+ "' could not be renewed, and may count as spent before the call has ended", ex);
				}
			});
		}

		@Override
		public Mono<Void> settle(Map<String, Long> ticks) {
			long sum = sum(ticks.values());
			recordOverrun(sum);
			return execute(() -> end(takeLease(true), ticks, sum));
		}

		@Override
		public void add(String model, long ticks) {
			if (ticks > 0) {
				recordOverrun(ticks);
				execute(() -> end(null, Map.of(model, ticks), ticks));
			}
		}

		/**
		 * Returns a lease for an amount that has been spent, created at most once.
		 */
		private Supplier<Lease> leaseOnDemand(List<BudgetKey> keys) {
			AtomicReference<@Nullable Lease> taken = new AtomicReference<>();
			return () -> {
				Lease lease = taken.get();
				if (lease == null) {
					lease = FallbackReservations.reserveUnconditionally(DefaultBudgets.this.store, keys,
							Collections.nCopies(keys.size(), 0L), DefaultBudgets.this.settings.lease());
					taken.set(lease);
				}
				return lease;
			};
		}

		/**
		 * Raises later reservations, because the next calls may cost as much.
		 */
		private void recordOverrun(long ticks) {
			long sum = this.cost.addAndGet(ticks);
			if (sum > this.storeRequest.minimum()) {
				DefaultBudgets.this.recentOverruns.record(this.storeRequest.estimate().model(), sum,
						DefaultBudgets.this.clock.instant());
			}
		}

		private void end(@Nullable Lease lease, Map<String, Long> ticks, long sum) {
			if (DefaultBudgets.this.modelScopedIndexes.isEmpty()) {
				settleRequestedModel(lease, sum, sum);
				return;
			}
			Map<String, Lease> held = new HashMap<>(this.fallbackReservations.end());
			Map<String, Long> elsewhere = new HashMap<>();
			ticks.forEach((model, spent) -> {
				String id = idOf(model);
				if (hasSeparateLimit(id)) {
					elsewhere.merge(id, spent, Ticks::plus);
				}
			});
			settleRequestedModel(lease, sum, sum - sum(elsewhere.values()));
			elsewhere.forEach((id, spent) -> {
				Lease reserved = held.remove(id);
				List<BudgetKey> keys = keysOf(id);
				settle((reserved != null) ? () -> reserved : leaseOnDemand(keys),
						DefaultBudgets.this.modelScopedIndexes.stream()
							.map(DefaultBudgets.this.windowedBudgets::get)
							.toList(),
						Collections.nCopies(keys.size(), spent), spent);
			});
			held.values().forEach((unused) -> release(this.request.client(), unused));
		}

		/**
		 * Settles the reservation of the originally reserved model.
		 * @param sum the cost of the call
		 * @param ofModel the part of that model
		 */
		private void settleRequestedModel(@Nullable Lease lease, long sum, long ofModel) {
			if (sum == 0) {
				if (lease != null) {
					release(this.request.client(), lease);
				}
				return;
			}
			List<Long> amounts = Collections.nCopies(DefaultBudgets.this.windowedBudgets.size(), sum);
			if (ofModel != sum) {
				amounts = new ArrayList<>(amounts);
				for (int i : DefaultBudgets.this.modelScopedIndexes) {
					amounts.set(i, ofModel);
				}
			}
			settle((lease != null) ? () -> lease : leaseOnDemand(this.keys), DefaultBudgets.this.windowedBudgets,
					amounts, ofModel);
		}

		private void settle(Supplier<Lease> lease, List<WindowedBudget> lines, List<Long> ticks, long unsettled) {
			DefaultBudgets.this.outbox.settle(new SettlementOutbox.Settlement(this.request.client(), unsettled, () -> {
				List<Usage> usage = DefaultBudgets.this.store.settle(lease.get(), ticks);
				for (int i = 0; i < usage.size(); i++) {
					WindowedBudget line = lines.get(i);
					long used = usage.get(i).used();
					for (int percent : line.thresholdsReached(used - ticks.get(i), used)) {
						DefaultBudgets.this.notifier.thresholdReached(this.request.client(), line.budget(),
								usage.get(i), percent);
					}
				}
			}));
		}

		private Mono<Void> execute(Runnable task) {
			if (mayWait() && Schedulers.isInNonBlockingThread()) {
				return DefaultBudgets.this.settlementExecutor.execute(task);
			}
			task.run();
			return Mono.empty();
		}

	}

}
