package io.github.grokspring.budget;

import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

import io.github.grokspring.budget.BudgetStore.Claim;
import io.github.grokspring.budget.BudgetStore.Decision;
import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.BudgetStore.Usage;
import io.github.grokspring.event.GrokEventListener;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

import org.springframework.util.Assert;

/**
 * Budgets over a store.
 */
final class StoredBudgets implements Budgets {

	private static final int RENEWALS = 4;

	private static final Log logger = LogFactory.getLog(StoredBudgets.class);

	private final List<Budget> budgets;

	/**
	 * Those that refuse stand before those that downgrade: a cheaper model is of no use
	 * where a call is refused anyway.
	 */
	private final List<BudgetLine> lines;

	private final BudgetStore store;

	private final BudgetTerms terms;

	private final InstantSource clock;

	private final LongSupplier nanoTime;

	/**
	 * How old a lease is renewed, in nanoseconds: long before its end, and not too often.
	 */
	private final long renewAfter;

	private final BudgetNews news;

	private final SettlementThread thread = new SettlementThread();

	private final ExhaustedWindows exhausted = new ExhaustedWindows();

	private final Overshoots overshoots = new Overshoots();

	StoredBudgets(List<Budget> budgets, BudgetStore store, BudgetTerms terms, GrokEventListener listener,
			InstantSource clock, LongSupplier nanoTime) {
		Assert.isTrue(budgets.stream().map(Budget::name).distinct().count() == budgets.size(),
				"'budgets' must have different names");
		this.budgets = List.copyOf(budgets);
		this.lines = budgets.stream()
			.sorted(Comparator.comparing((budget) -> budget.onExceeded() == OnExceeded.DOWNGRADE))
			.map((budget) -> new BudgetLine(budget, terms))
			.toList();
		this.store = store;
		this.terms = terms;
		this.clock = clock;
		this.nanoTime = nanoTime;
		this.renewAfter = TimeUnit.NANOSECONDS.convert(terms.lease()) / RENEWALS;
		this.news = new BudgetNews(GrokEventListener.all(List.of(listener)));
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
	}

	@Override
	public List<BudgetStatus> status() {
		Instant now = this.clock.instant();
		List<BudgetStatus> status = new ArrayList<>();
		for (Budget budget : this.budgets) {
			BudgetLine line = line(budget);
			BudgetKey all = line.key(now);
			if (budget.scope() == BudgetScope.ALL) {
				status.add(status(budget, this.store.usage(List.of(all)).get(0)));
				continue;
			}
			this.store.usage(budget.name())
				.stream()
				.filter((usage) -> usage.key().period().equals(all.period()))
				.sorted(Comparator.comparing((usage) -> usage.key().scope()))
				.forEach((usage) -> status.add(status(budget, usage)));
		}
		return status;
	}

	private BudgetLine line(Budget budget) {
		return this.lines.stream().filter((line) -> line.budget() == budget).findFirst().orElseThrow();
	}

	private BudgetStatus status(Budget budget, Usage usage) {
		BudgetPeriod period = usage.key().period();
		return new BudgetStatus(budget.name(), budget.scope(), usage.key().scope(), budget.limit(), usage.used(),
				usage.reserved(), (period.window() != BudgetWindow.TOTAL) ? period.start() : null, period.end(),
				usage.used() >= budget.limit() || this.exhausted.contains(usage.key()));
	}

	@Override
	public Reservation reserve(BudgetRequest request) {
		Instant now = this.clock.instant();
		Set<String> tried = new HashSet<>(Set.of(request.model()));
		Wish wish = wish(request, request.model(), tried, now);
		while (true) {
			Decision decision = this.store.reserve(wish.claims(), this.terms.lease());
			Lease lease = decision.lease();
			if (lease != null) {
				return held(request, wish, decision, lease);
			}
			wish = next(request, wish, decision, tried, now);
		}
	}

	private Held held(BudgetRequest request, Wish wish, Decision decision, Lease lease) {
		try {
			warnWhereExceeded(request, wish, decision);
			wish.claims().forEach((claim) -> this.exhausted.remove(claim.key()));
			return new Held(request, wish, lease);
		}
		catch (RuntimeException | Error ex) {
			this.store.release(lease);
			throw ex;
		}
	}

	/**
	 * What to ask for when there was no room: the cheaper model of the budget that had
	 * none or, if that is not cheaper, the same one up to the whole limit.
	 */
	private Wish next(BudgetRequest request, Wish wish, Decision decision, Set<String> tried, Instant now) {
		Budget full = this.lines.get(decision.refused()).budget();
		Usage usage = decision.usage().get(decision.refused());
		Claim claim = wish.claims().get(decision.refused());
		String cheaper = full.downgradeModel();
		boolean lasting = isLasting(claim, claim.limit(), usage);
		if (cheaper == null || !tried.add(cheaper)) {
			boolean exhausted = lasting && isUsual(wish, decision.refused(), now);
			if (exhausted) {
				this.exhausted.add(claim.key(), now);
			}
			if (lasting) {
				this.news.exceeded(request.client(), full, usage, OnExceeded.FAIL, exhausted);
			}
			throw this.news.refusal(full, usage, claim.ticks());
		}
		Wish next = wish(request, cheaper, tried, now);
		if (next.estimate().full() >= wish.estimate().full()) {
			return wish(request, wish.model(), tried, now);
		}
		if (lasting) {
			this.news.exceeded(request.client(), full, usage, OnExceeded.DOWNGRADE, false);
		}
		return next;
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
	private boolean isUsual(Wish wish, int index, Instant now) {
		long seen = this.overshoots.of(wish.estimate().model(), now);
		return wish.claims().get(index).ticks() <= this.lines.get(index).usual(seen);
	}

	private Wish wish(BudgetRequest request, String model, Set<String> tried, Instant now) {
		WorstCase.Estimate estimate = request.worstCase().apply(model);
		long seen = this.overshoots.of(estimate.model(), now);
		List<Claim> claims = new ArrayList<>(this.lines.size());
		for (BudgetLine line : this.lines) {
			String cheaper = line.budget().downgradeModel();
			claims.add(line.claim(line.key(request, estimate.model(), now), estimate, seen,
					cheaper != null && (tried.contains(cheaper) || estimate.model().equals(cheaper))));
		}
		return new Wish(model, estimate, claims);
	}

	private void warnWhereExceeded(BudgetRequest request, Wish wish, Decision decision) {
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

	/**
	 * What is asked of the store.
	 *
	 * @param model the model that would be asked
	 * @param estimate what the call may cost
	 * @param claims how much where, in the order of the lines
	 */
	private record Wish(String model, WorstCase.Estimate estimate, List<Claim> claims) {

		long least() {
			return this.claims.stream().mapToLong(Claim::ticks).min().orElse(Long.MAX_VALUE);
		}

	}

	/**
	 * What the store has granted.
	 */
	private final class Held implements Reservation {

		private final BudgetRequest request;

		private final Wish wish;

		private final Lease lease;

		private final AtomicLong cost = new AtomicLong();

		private final AtomicLong renewed = new AtomicLong(StoredBudgets.this.nanoTime.getAsLong());

		Held(BudgetRequest request, Wish wish, Lease lease) {
			this.request = request;
			this.wish = wish;
			this.lease = lease;
		}

		@Override
		public String model() {
			return this.wish.model();
		}

		@Override
		public long ticks() {
			return this.lease.ticks();
		}

		@Override
		public long unknown() {
			return this.wish.least();
		}

		@Override
		public void attempt(String model) {
			if (model.equals(this.wish.model())) {
				alive();
				return;
			}
			this.renewed.set(StoredBudgets.this.nanoTime.getAsLong());
			renew(() -> ticksOf(model));
		}

		private List<Long> ticksOf(String model) {
			WorstCase.Estimate estimate = this.request.worstCase().apply(model);
			long seen = StoredBudgets.this.overshoots.of(estimate.model(), StoredBudgets.this.clock.instant());
			List<BudgetKey> keys = this.lease.keys();
			List<Long> ticks = new ArrayList<>(keys.size());
			for (int i = 0; i < keys.size(); i++) {
				ticks.add(StoredBudgets.this.lines.get(i).claim(keys.get(i), estimate, seen, true).ticks());
			}
			return ticks;
		}

		@Override
		public void alive() {
			long now = StoredBudgets.this.nanoTime.getAsLong();
			long last = this.renewed.get();
			if (now - last >= StoredBudgets.this.renewAfter && this.renewed.compareAndSet(last, now)) {
				renew(List::of);
			}
		}

		private void renew(Supplier<List<Long>> ticks) {
			execute(() -> StoredBudgets.this.store.renew(this.lease, ticks.get(), StoredBudgets.this.terms.lease()),
					() -> "The reservation of a call of client '" + this.request.client()
							+ "' could not be renewed, and may be given back before the call has ended");
		}

		@Override
		public Mono<Void> settle(long ticks) {
			learn(ticks);
			return execute(() -> end(this.lease, ticks), ticks);
		}

		@Override
		public void add(long ticks) {
			if (ticks > 0) {
				learn(ticks);
				execute(() -> {
					List<Claim> claims = this.lease.keys()
						.stream()
						.map((key) -> new Claim(key, Long.MAX_VALUE, 0))
						.toList();
					Lease more = StoredBudgets.this.store.reserve(claims, StoredBudgets.this.terms.lease()).lease();
					end(Objects.requireNonNull(more, "a claim without limit was refused"), ticks);
				}, ticks);
			}
		}

		/**
		 * What one call cost that nothing limited may be what the next ones cost.
		 */
		private void learn(long ticks) {
			long sum = this.cost.addAndGet(ticks);
			if (sum > this.wish.least()) {
				StoredBudgets.this.overshoots.note(this.wish.estimate().model(), sum,
						StoredBudgets.this.clock.instant());
			}
		}

		private void end(Lease lease, long ticks) {
			if (ticks == 0) {
				StoredBudgets.this.store.release(lease);
				return;
			}
			List<Usage> usage = StoredBudgets.this.store.settle(lease, ticks);
			for (int i = 0; i < usage.size(); i++) {
				BudgetLine line = StoredBudgets.this.lines.get(i);
				long used = usage.get(i).used();
				for (int percent : line.reached(used - ticks, used)) {
					StoredBudgets.this.news.reached(this.request.client(), line.budget(), usage.get(i), percent);
				}
			}
		}

		private Mono<Void> execute(Runnable settlement, long ticks) {
			return execute(settlement, () -> "What a call of client '" + this.request.client()
					+ "' cost could not be noted in its budgets: $" + Budget.usd(ticks).toPlainString());
		}

		private Mono<Void> execute(Runnable task, Supplier<String> complaint) {
			Runnable guarded = () -> {
				try {
					task.run();
				}
				catch (RuntimeException ex) {
					// The answer is there and paid for, and must not be lost as well.
					logger.error(complaint.get(), ex);
				}
			};
			if (mayWait() && Schedulers.isInNonBlockingThread()) {
				return StoredBudgets.this.thread.execute(guarded);
			}
			guarded.run();
			return Mono.empty();
		}

	}

}
