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
import io.github.grokspring.event.GrokEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.Assert;

/**
 * Budgets over a store.
 */
final class DefaultBudgets implements Budgets {

	/** How many exhausted windows are remembered; of more, the oldest are forgotten. */
	static final int MOST_EXHAUSTED = 50_000;

	private static final int RENEWALS = 4;

	private static final Log logger = LogFactory.getLog(DefaultBudgets.class);

	private final List<Budget> budgets;

	/**
	 * Those that refuse stand before those that downgrade: a cheaper model is of no use
	 * where a call is refused anyway.
	 */
	private final List<WindowedBudget> lines;

	/** Where in them those stand in which every model has a limit of its own. */
	private final List<Integer> byModel;

	private final BudgetStore store;

	private final BudgetSettings terms;

	private final InstantSource clock;

	private final LongSupplier nanoTime;

	/**
	 * How old a lease is renewed, in nanoseconds: long before its end, and not too often.
	 */
	private final long renewAfter;

	private final BudgetNotifier news;

	private final SettlementExecutor thread = new SettlementExecutor();

	private final SettlementOutbox outbox;

	/** Windows with so little left that usual calls are refused. */
	private final RecentEntries<BudgetKey> exhausted = new RecentEntries<>(MOST_EXHAUSTED);

	private final RecentOverruns overshoots = new RecentOverruns();

	DefaultBudgets(List<Budget> budgets, BudgetStore store, BudgetSettings terms, GrokEventListener listener,
			InstantSource clock, LongSupplier nanoTime, SettlementOutbox.Timer timer) {
		Assert.isTrue(budgets.stream().map(Budget::name).distinct().count() == budgets.size(),
				"'budgets' must have different names");
		this.budgets = List.copyOf(budgets);
		this.lines = budgets.stream()
			.sorted(Comparator.comparing((budget) -> budget.onExceeded() == OnExceeded.DOWNGRADE))
			.map((budget) -> new WindowedBudget(budget, terms, nanoTime))
			.toList();
		this.byModel = IntStream.range(0, this.lines.size())
			.filter((i) -> this.lines.get(i).budget().scope() == BudgetScope.MODEL)
			.boxed()
			.toList();
		this.store = store;
		this.outbox = new SettlementOutbox(timer);
		this.terms = terms;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.renewAfter = TimeUnit.NANOSECONDS.convert(terms.lease()) / RENEWALS;
		this.news = new BudgetNotifier(GrokEventListener.failSafe(listener));
		this.lines.forEach(this::warnAboutUncounted);
	}

	/**
	 * Says what was spent under another zone, window or scope of a budget.
	 */
	private void warnAboutUncounted(WindowedBudget line) {
		Budget budget = line.budget();
		BudgetPeriod period = line.key(this.clock.instant()).period();
		try {
			long sum = sum(this.store.usage(budget.name())
				.stream()
				.filter((usage) -> !usage.key().period().equals(period) || !usage.key().isOf(budget))
				.map(Usage::used)
				.toList());
			if (sum > 0) {
				logger.warn("Budget '" + budget.name() + "' was kept with another 'zone', 'window' or 'scope' before."
						+ " $" + Budget.usd(sum).stripTrailingZeros().toPlainString()
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
		this.thread.close();
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
			WindowedBudget line = line(budget);
			BudgetKey all = line.key(now);
			if (budget.scope() == BudgetScope.ALL) {
				status.add(status(budget, this.store.usage(List.of(all)).get(0)));
				continue;
			}
			this.store.usage(budget.name())
				.stream()
				.filter((usage) -> usage.key().isOf(budget) && usage.key().period().equals(all.period()))
				.sorted(Comparator.comparing((usage) -> usage.key().scope()))
				.forEach((usage) -> status.add(status(budget, usage)));
		}
		return status;
	}

	private WindowedBudget line(Budget budget) {
		return this.lines.stream().filter((line) -> line.budget() == budget).findFirst().orElseThrow();
	}

	private BudgetStatus status(Budget budget, Usage usage) {
		BudgetPeriod period = usage.key().period();
		return new BudgetStatus(budget.name(), budget.scope(), usage.key().scope(), budget.limit(), usage.used(),
				usage.reserved(), (period.window() != BudgetWindow.TOTAL) ? period.start() : null, period.end(),
				usage.used() >= budget.limit() || this.exhausted.contains(usage.key()));
	}

	@Override
	public BudgetStatus adjust(String budget, @Nullable String scopeValue, BigDecimal delta) {
		WindowedBudget line = this.lines.stream()
			.filter((candidate) -> candidate.budget().name().equals(budget))
			.findFirst()
			.orElseThrow(() -> new IllegalArgumentException("There is no budget '" + LogSanitizer.sanitize(budget)
					+ "'. The budgets are " + this.budgets.stream().map(Budget::name).sorted().toList() + "."));
		BudgetKey key = key(line, scopeValue);
		Usage usage = this.store.adjust(key, ticksOf(delta));
		this.exhausted.remove(key);
		logger.info("Budget '" + budget + "' of '" + LogSanitizer.sanitize(key.scope()) + "' was adjusted by $"
				+ delta.toPlainString() + " and has used $" + Budget.usd(usage.used()).toPlainString());
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
		ReservationRequest wish = request(request, request.model(), tried, now);
		while (true) {
			Decision decision = this.store.reserve(wish.claims(), this.terms.lease());
			Lease lease = decision.lease();
			if (lease != null) {
				return held(request, wish, decision, lease);
			}
			wish = next(request, wish, decision, tried, now);
		}
	}

	private StoreReservation held(BudgetRequest request, ReservationRequest wish, Decision decision, Lease lease) {
		try {
			warnWhereExceeded(request, wish, decision);
			wish.claims().forEach((claim) -> this.exhausted.remove(claim.key()));
			return new StoreReservation(request, wish, lease);
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
	 * What to ask for when there was no room: the cheaper model of the budget that had
	 * none or, if that is not cheaper, the same one up to the whole limit.
	 */
	private ReservationRequest next(BudgetRequest request, ReservationRequest wish, Decision decision,
			Set<String> tried, Instant now) {
		Budget full = this.lines.get(decision.refused()).budget();
		Usage usage = decision.usage().get(decision.refused());
		Claim claim = wish.claims().get(decision.refused());
		String cheaper = full.downgradeModel();
		boolean lasting = isLasting(claim, claim.limit(), usage);
		if (cheaper == null || !tried.add(cheaper)) {
			boolean exhausted = lasting && isUsual(wish, decision.refused(), now);
			// A status shows no tenant and no model that has never spent.
			if (exhausted && (usage.used() > 0 || full.scope() == BudgetScope.ALL)) {
				this.exhausted.add(claim.key());
			}
			if (lasting) {
				this.news.exceeded(request.client(), full, usage, OnExceeded.FAIL, exhausted);
			}
			throw this.news.refusal(full, usage, claim.ticks());
		}
		ReservationRequest next = request(request, cheaper, tried, now);
		if (!isCheaper(request, next, wish)) {
			return request(request, wish.model(), tried, now);
		}
		if (lasting) {
			this.news.exceeded(request.client(), full, usage, OnExceeded.DOWNGRADE, false);
		}
		return next;
	}

	private static boolean isCheaper(BudgetRequest request, ReservationRequest next, ReservationRequest wish) {
		long rate = request.rate().applyAsLong(next.model());
		long wanted = request.rate().applyAsLong(wish.model());
		return (rate > 0 && wanted > 0) ? rate < wanted : next.estimate().full() < wish.estimate().full();
	}

	/**
	 * Whether there is no room even when all calls under way have given back what they
	 * reserved.
	 */
	private static boolean isLasting(Claim claim, long limit, Usage usage) {
		return usage.used() > limit - claim.ticks();
	}

	/**
	 * Whether a call asks for no more than those do of which nothing is known, so that
	 * others will hardly fit where it does not.
	 */
	private boolean isUsual(ReservationRequest wish, int index, Instant now) {
		long seen = this.overshoots.of(wish.estimate().model(), now);
		return wish.claims().get(index).ticks() <= this.lines.get(index).usual(seen);
	}

	private ReservationRequest request(BudgetRequest request, String model, Set<String> tried, Instant now) {
		CostEstimator.Estimate estimate = request.worstCase().apply(model);
		long seen = this.overshoots.of(estimate.model(), now);
		List<Claim> claims = new ArrayList<>(this.lines.size());
		for (WindowedBudget line : this.lines) {
			String cheaper = line.budget().downgradeModel();
			claims.add(line.claim(line.key(request, estimate.model(), now), estimate, seen,
					cheaper != null && (tried.contains(cheaper) || estimate.model().equals(cheaper))));
		}
		return new ReservationRequest(model, estimate, claims);
	}

	private void warnWhereExceeded(BudgetRequest request, ReservationRequest wish, Decision decision) {
		for (int i = 0; i < this.lines.size(); i++) {
			Budget budget = this.lines.get(i).budget();
			if (budget.onExceeded() == OnExceeded.WARN) {
				Usage usage = decision.usage().get(i);
				if (isLasting(wish.claims().get(i), budget.limit(), usage)) {
					this.news.exceeded(request.client(), budget, usage, OnExceeded.WARN, false);
				}
			}
		}
	}

	static long plus(long first, long second) {
		long sum = first + second;
		return (sum >= 0) ? sum : Long.MAX_VALUE;
	}

	private static long sum(Collection<Long> ticks) {
		long sum = 0;
		for (long some : ticks) {
			sum = plus(sum, some);
		}
		return sum;
	}

	/**
	 * What is asked of the store.
	 *
	 * @param model the model that would be asked
	 * @param estimate what the call may cost
	 * @param claims how much where, in the order of the lines
	 */
	private record ReservationRequest(String model, CostEstimator.Estimate estimate, List<Claim> claims) {

		long minimum() {
			return this.claims.stream().mapToLong(Claim::ticks).min().orElse(Long.MAX_VALUE);
		}

	}

	/**
	 * What the store has granted.
	 */
	private final class StoreReservation implements Reservation {

		private final BudgetRequest request;

		private final ReservationRequest wish;

		private final List<BudgetKey> keys;

		private final long reserved;

		/** Guards what is below against a cancellation, which comes on any thread. */
		private final ReentrantLock leasing = new ReentrantLock();

		/** Is {@code null} while the reservation is given back. */
		private @Nullable Lease lease;

		private boolean ended;

		private final FallbackReservations others = new FallbackReservations(DefaultBudgets.this.store);

		private final AtomicLong cost = new AtomicLong();

		private final AtomicLong renewed = new AtomicLong(DefaultBudgets.this.nanoTime.getAsLong());

		StoreReservation(BudgetRequest request, ReservationRequest wish, Lease lease) {
			this.request = request;
			this.wish = wish;
			this.lease = lease;
			this.keys = lease.keys();
			this.reserved = lease.ticks();
		}

		@Override
		public String model() {
			return this.wish.model();
		}

		@Override
		public long ticks() {
			return this.reserved;
		}

		@Override
		public long worstCase(String model) {
			try {
				return this.request.worstCase().apply(model).full();
			}
			catch (Throwable ex) {
				logger.debug("What model '" + LogSanitizer.sanitize(model) + "' costs at most is not known", ex);
				return Long.MAX_VALUE;
			}
		}

		@Override
		public void attemptStarted(String model) {
			if (model.equals(this.wish.model()) && !isSuspended()) {
				touch();
				return;
			}
			this.renewed.set(DefaultBudgets.this.nanoTime.getAsLong());
			renew(() -> {
				CostEstimator.Estimate estimate = this.request.worstCase().apply(model);
				List<Long> ticks = ticksOf(estimate);
				reserve(ticks);
				if (hasLimitOfItsOwn(estimate.model())) {
					this.others.reserve(estimate.model(), keysOf(estimate.model()),
							DefaultBudgets.this.byModel.stream().map(ticks::get).toList(),
							DefaultBudgets.this.terms.lease());
				}
			});
		}

		private boolean isSuspended() {
			this.leasing.lock();
			try {
				return this.lease == null && !this.ended;
			}
			finally {
				this.leasing.unlock();
			}
		}

		/**
		 * Reserves at least these amounts or, without amounts, as much as before, unless
		 * the call has ended.
		 */
		private void reserve(List<Long> ticks) {
			this.leasing.lock();
			try {
				Lease held = this.lease;
				if (held != null) {
					DefaultBudgets.this.store.renew(held, ticks, DefaultBudgets.this.terms.lease());
				}
				else if (!this.ended && !ticks.isEmpty()) {
					this.lease = FallbackReservations.reserveUnconditionally(DefaultBudgets.this.store, this.keys,
							ticks, DefaultBudgets.this.terms.lease());
				}
			}
			finally {
				this.leasing.unlock();
			}
		}

		@Override
		public void suspend() {
			execute(() -> {
				Lease held = takeLease(false);
				if (held != null) {
					release(this.request.client(), held);
				}
				this.others.suspend().forEach((other) -> release(this.request.client(), other));
			});
		}

		private @Nullable Lease takeLease(boolean last) {
			this.leasing.lock();
			try {
				Lease held = this.lease;
				this.lease = null;
				this.ended |= last;
				return held;
			}
			finally {
				this.leasing.unlock();
			}
		}

		private List<Long> ticksOf(CostEstimator.Estimate estimate) {
			long seen = DefaultBudgets.this.overshoots.of(estimate.model(), DefaultBudgets.this.clock.instant());
			List<Long> ticks = new ArrayList<>(this.keys.size());
			for (int i = 0; i < this.keys.size(); i++) {
				ticks.add(DefaultBudgets.this.lines.get(i).claim(this.keys.get(i), estimate, seen, true).ticks());
			}
			return ticks;
		}

		private boolean hasLimitOfItsOwn(String id) {
			return !DefaultBudgets.this.byModel.isEmpty() && !id.equals(this.wish.estimate().model());
		}

		/**
		 * Where the money of another model is counted: in the same windows.
		 */
		private List<BudgetKey> keysOf(String id) {
			return DefaultBudgets.this.byModel.stream()
				.map(this.keys::get)
				.map((key) -> new BudgetKey(key.budget(), id, key.period(), key.scopeType()))
				.toList();
		}

		private String idOf(String model) {
			if (DefaultBudgets.this.byModel.isEmpty() || model.equals(this.wish.model())) {
				return this.wish.estimate().model();
			}
			try {
				return this.request.worstCase().apply(model).model();
			}
			catch (Throwable ex) {
				// What was spent is not to be lost because nobody knows what might be.
				logger.debug("The id of model '" + LogSanitizer.sanitize(model) + "' is not known", ex);
				return model;
			}
		}

		@Override
		public void touch() {
			long now = DefaultBudgets.this.nanoTime.getAsLong();
			long last = this.renewed.get();
			if (now - last >= DefaultBudgets.this.renewAfter && this.renewed.compareAndSet(last, now)) {
				renew(() -> {
					reserve(List.of());
					this.others.renew(DefaultBudgets.this.terms.lease());
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
			learn(sum);
			return execute(() -> end(takeLease(true), ticks, sum));
		}

		@Override
		public void add(String model, long ticks) {
			if (ticks > 0) {
				learn(ticks);
				execute(() -> end(null, Map.of(model, ticks), ticks));
			}
		}

		/**
		 * A lease for money that is spent already, taken once.
		 */
		private Supplier<Lease> lateLease(List<BudgetKey> keys) {
			AtomicReference<@Nullable Lease> taken = new AtomicReference<>();
			return () -> {
				Lease lease = taken.get();
				if (lease == null) {
					lease = FallbackReservations.reserveUnconditionally(DefaultBudgets.this.store, keys,
							Collections.nCopies(keys.size(), 0L), DefaultBudgets.this.terms.lease());
					taken.set(lease);
				}
				return lease;
			};
		}

		/**
		 * What one call cost that nothing limited may be what the next ones cost.
		 */
		private void learn(long ticks) {
			long sum = this.cost.addAndGet(ticks);
			if (sum > this.wish.minimum()) {
				DefaultBudgets.this.overshoots.record(this.wish.estimate().model(), sum,
						DefaultBudgets.this.clock.instant());
			}
		}

		private void end(@Nullable Lease lease, Map<String, Long> ticks, long sum) {
			if (DefaultBudgets.this.byModel.isEmpty()) {
				endHere(lease, sum, sum);
				return;
			}
			Map<String, Lease> held = new HashMap<>(this.others.end());
			Map<String, Long> elsewhere = new HashMap<>();
			ticks.forEach((model, spent) -> {
				String id = idOf(model);
				if (hasLimitOfItsOwn(id)) {
					elsewhere.merge(id, spent, DefaultBudgets::plus);
				}
			});
			endHere(lease, sum, sum - sum(elsewhere.values()));
			elsewhere.forEach((id, spent) -> {
				Lease reserved = held.remove(id);
				List<BudgetKey> keys = keysOf(id);
				settle((reserved != null) ? () -> reserved : lateLease(keys),
						DefaultBudgets.this.byModel.stream().map(DefaultBudgets.this.lines::get).toList(),
						Collections.nCopies(keys.size(), spent), spent);
			});
			held.values().forEach((unused) -> release(this.request.client(), unused));
		}

		/**
		 * End the reservation of the model for which it was made.
		 * @param sum what the call cost
		 * @param ofModel what of that its own model did
		 */
		private void endHere(@Nullable Lease lease, long sum, long ofModel) {
			if (sum == 0) {
				if (lease != null) {
					release(this.request.client(), lease);
				}
				return;
			}
			List<Long> amounts = Collections.nCopies(DefaultBudgets.this.lines.size(), sum);
			if (ofModel != sum) {
				amounts = new ArrayList<>(amounts);
				for (int i : DefaultBudgets.this.byModel) {
					amounts.set(i, ofModel);
				}
			}
			settle((lease != null) ? () -> lease : lateLease(this.keys), DefaultBudgets.this.lines, amounts, ofModel);
		}

		private void settle(Supplier<Lease> lease, List<WindowedBudget> lines, List<Long> ticks, long unsettled) {
			DefaultBudgets.this.outbox.settle(new SettlementOutbox.Settlement(this.request.client(), unsettled, () -> {
				List<Usage> usage = DefaultBudgets.this.store.settle(lease.get(), ticks);
				for (int i = 0; i < usage.size(); i++) {
					WindowedBudget line = lines.get(i);
					long used = usage.get(i).used();
					for (int percent : line.reached(used - ticks.get(i), used)) {
						DefaultBudgets.this.news.reached(this.request.client(), line.budget(), usage.get(i), percent);
					}
				}
			}));
		}

		private Mono<Void> execute(Runnable task) {
			if (mayWait() && Schedulers.isInNonBlockingThread()) {
				return DefaultBudgets.this.thread.execute(task);
			}
			task.run();
			return Mono.empty();
		}

	}

}
