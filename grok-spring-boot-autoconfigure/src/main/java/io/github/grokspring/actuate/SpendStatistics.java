package io.github.grokspring.actuate;

import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.grokspring.chain.UsdFormat;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;

/**
 * Sums up the spend of clients by model, since startup and on the current date in UTC.
 * The number of models is limited, because their names come from responses; further ones
 * are summed up as {@code other}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class SpendStatistics implements GrokEventListener {

	static final int MAX_ROWS = 200;

	private static final String OTHER = "other";

	private final InstantSource clock;

	private final Instant since;

	private final Map<Key, Row> rows = new ConcurrentHashMap<>();

	/**
	 * Creates empty statistics.
	 * @param clock the clock that determines the current date
	 */
	public SpendStatistics(InstantSource clock) {
		this.clock = clock;
		this.since = clock.instant();
	}

	@Override
	public void onEvent(GrokEvent event) {
		if (event instanceof CostRecorded recorded && !recorded.isCached()) {
			row(new Key(recorded.client(), recorded.model())).add(recorded, dayOf(recorded.at()));
		}
	}

	private Row row(Key key) {
		Row row = this.rows.get(key);
		if (row != null) {
			return row;
		}
		// Concurrent callers may exceed the limit slightly
		return this.rows.computeIfAbsent((this.rows.size() < MAX_ROWS) ? key : new Key(OTHER, OTHER),
				(name) -> new Row());
	}

	/**
	 * Returns a snapshot, sorted by descending total.
	 */
	GrokDescriptor.Spend snapshot() {
		LocalDate today = dayOf(this.clock.instant());
		Sum todaySum = new Sum();
		Sum totalSum = new Sum();
		List<GrokDescriptor.ClientSpend> clients = this.rows.entrySet()
			.stream()
			.map((entry) -> entry.getValue().snapshot(entry.getKey(), today, todaySum, totalSum))
			.sorted(Comparator.comparing((RankedSpend shown) -> -shown.ticks())
				.thenComparing((shown) -> shown.spend().client())
				.thenComparing((shown) -> shown.spend().model()))
			.map(RankedSpend::spend)
			.toList();
		return new GrokDescriptor.Spend("UTC", this.since, today, todaySum.toAmount(), totalSum.toAmount(), clients);
	}

	private static LocalDate dayOf(Instant instant) {
		return LocalDate.ofInstant(instant, ZoneOffset.UTC);
	}

	private record Key(String client, String model) {

	}

	private record RankedSpend(GrokDescriptor.ClientSpend spend, long ticks) {

	}

	private static final class Row {

		private final Sum total = new Sum();

		private Sum dailySum = new Sum();

		private LocalDate day = LocalDate.MIN;

		synchronized void add(CostRecorded recorded, LocalDate day) {
			if (day.isAfter(this.day)) {
				this.day = day;
				this.dailySum = new Sum();
			}
			if (day.equals(this.day)) {
				this.dailySum.add(recorded);
			}
			this.total.add(recorded);
		}

		synchronized RankedSpend snapshot(Key key, LocalDate today, Sum todaySum, Sum totalSum) {
			Sum current = today.equals(this.day) ? this.dailySum : new Sum();
			todaySum.add(current);
			totalSum.add(this.total);
			return new RankedSpend(new GrokDescriptor.ClientSpend(key.client(), key.model(), current.toAmount(),
					this.total.toAmount()), this.total.ticks);
		}

	}

	/**
	 * Sum of costs and tokens, guarded by its row.
	 */
	private static final class Sum {

		private long attempts;

		private long ticks;

		private long input;

		private long cachedInput;

		private long output;

		private long reasoning;

		void add(CostRecorded recorded) {
			this.attempts++;
			this.ticks += recorded.ticks();
			this.input += recorded.inputTokens() + recorded.imageInputTokens();
			this.cachedInput += recorded.cachedInputTokens();
			this.output += recorded.outputTokens();
			this.reasoning += recorded.reasoningTokens();
		}

		void add(Sum other) {
			this.attempts += other.attempts;
			this.ticks += other.ticks;
			this.input += other.input;
			this.cachedInput += other.cachedInput;
			this.output += other.output;
			this.reasoning += other.reasoning;
		}

		GrokDescriptor.Amount toAmount() {
			return new GrokDescriptor.Amount(UsdFormat.format(this.ticks), this.attempts,
					new GrokDescriptor.Tokens(this.input, this.cachedInput, this.output, this.reasoning));
		}

	}

}
