package io.github.grokspring.budget;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;

import io.github.grokspring.budget.BudgetStore.Lease;
import io.github.grokspring.budget.LedgerSettings.Fsync;
import io.github.grokspring.budget.LedgerSettings.OnFailure;

/**
 * A process that settles one tick after the other, and says so after each.
 */
public final class LedgerSpender {

	static final BudgetKey ALL = Keys.always("total", "all");

	static final BudgetKey TEAM = Keys.always("team", "blue");

	static final long LOST = 1_000_000;

	static final long UNDER_WAY = 10;

	private LedgerSpender() {
	}

	public static void main(String[] args) throws IOException {
		BudgetStore store = open(Path.of(args[0]), Fsync.valueOf(args[1]));
		// Never settled: what it reserved counts at the next start, and at no other.
		store.reserve(Keys.asking(LOST, Keys.upTo(Long.MAX_VALUE, ALL, TEAM)), Duration.ofHours(1));
		for (long i = 1; i <= 1_000_000; i++) {
			Lease lease = store
				.reserve(Keys.asking(UNDER_WAY, Keys.upTo(Long.MAX_VALUE, ALL, TEAM)), Duration.ofHours(1))
				.lease();
			store.settle(lease, 1);
			// one write, so that no line is half of one
			System.out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
			System.out.flush();
		}
	}

	static BudgetStore open(Path file, Fsync fsync) throws IOException {
		return BudgetStore.file(new LedgerSettings(file, fsync, OnFailure.REFUSE), Clock.systemUTC());
	}

}
