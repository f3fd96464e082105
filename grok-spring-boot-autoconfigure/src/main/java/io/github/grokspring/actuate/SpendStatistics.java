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
 * Sums up what clients spend on models, since the application started and on the current
 * day of UTC. Names of models come from requests and so may be anything: those that come
 * late are summed up as {@code other}. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class SpendStatistics implements GrokEventListener {

	static final int MOST_ROWS = 200;

	private static final String OTHER = "other";

	private final InstantSource clock;

	private final Instant since;

	private final Map<Key, Row> rows = new ConcurrentHashMap<>();

	/**
	 * Start a journal.
	 * @param clock tells which day it is
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
		// A few more than the limit may get in at once, which does no harm.
		return this.rows.computeIfAbsent((this.rows.size() < MOST_ROWS) ? key : new Key(OTHER, OTHER),
				(name) -> new Row());
	}

	/**
	 * What was spent.
	 * @return a snapshot, the dearest row first
	 */
	GrokDescriptor.Spend read() {
		LocalDate today = dayOf(this.clock.instant());
		Sum ofToday = new Sum();
		Sum ofAll = new Sum();
		List<GrokDescriptor.ClientSpend> clients = this.rows.entrySet()
			.stream()
			.map((entry) -> entry.getValue().read(entry.getKey(), today, ofToday, ofAll))
			.sorted(Comparator.comparing((Shown shown) -> -shown.ticks())
				.thenComparing((shown) -> shown.spend().client())
				.thenComparing((shown) -> shown.spend().model()))
			.map(Shown::spend)
			.toList();
		return new GrokDescriptor.Spend("UTC", this.since, today, ofToday.shown(), ofAll.shown(), clients);
	}

	private static LocalDate dayOf(Instant instant) {
		return LocalDate.ofInstant(instant, ZoneOffset.UTC);
	}

	private record Key(String client, String model) {

	}

	private record Shown(GrokDescriptor.ClientSpend spend, long ticks) {

	}

	/**
	 * What one client spent on one model.
	 */
	private static final class Row {

		private final Sum total = new Sum();

		private Sum ofDay = new Sum();

		private LocalDate day = LocalDate.MIN;

		synchronized void add(CostRecorded recorded, LocalDate day) {
			if (day.isAfter(this.day)) {
				this.day = day;
				this.ofDay = new Sum();
			}
			if (day.equals(this.day)) {
				this.ofDay.add(recorded);
			}
			this.total.add(recorded);
		}

		synchronized Shown read(Key key, LocalDate today, Sum ofToday, Sum ofAll) {
			Sum current = today.equals(this.day) ? this.ofDay : new Sum();
			ofToday.add(current);
			ofAll.add(this.total);
			return new Shown(
					new GrokDescriptor.ClientSpend(key.client(), key.model(), current.shown(), this.total.shown()),
					this.total.ticks);
		}

	}

	/**
	 * A sum. Guarded by the row that it belongs to.
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

		GrokDescriptor.Amount shown() {
			return new GrokDescriptor.Amount(UsdFormat.format(this.ticks), this.attempts,
					new GrokDescriptor.Tokens(this.input, this.cachedInput, this.output, this.reasoning));
		}

	}

}
