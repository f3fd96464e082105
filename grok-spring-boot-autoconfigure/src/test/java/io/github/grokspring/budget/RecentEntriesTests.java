package io.github.grokspring.budget;

import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A set of limited size.
 */
class RecentEntriesTests {

	@Test
	void anEntryIsNewOnceUntilItIsRemoved() {
		RecentEntries<String> entries = new RecentEntries<>(10);
		assertThat(entries.contains("a")).isFalse();
		assertThat(entries.add("a")).isTrue();
		assertThat(entries.add("a")).isFalse();
		assertThat(entries.contains("a")).isTrue();
		entries.remove("a");
		assertThat(entries.contains("a")).isFalse();
		assertThat(entries.add("a")).isTrue();
	}

	@Test
	void oldestEntryMakesRoomForANewOne() {
		RecentEntries<String> entries = new RecentEntries<>(2);
		entries.add("a");
		entries.add("b");
		entries.add("c");
		assertThat(entries.size()).isEqualTo(2);
		assertThat(entries.contains("a")).isFalse();
		assertThat(entries.contains("b")).isTrue();
		assertThat(entries.contains("c")).isTrue();
	}

	@Test
	void operationsTouchAsManyEntriesWhetherThereAreFewOrMany() {
		AtomicLong touched = new AtomicLong();
		RecentEntries<Counted> entries = new RecentEntries<>(20_000);
		long few = touchedBy(entries, 0, touched);
		for (int i = 1; i < 40; i++) {
			assertThat(touchedBy(entries, i, touched)).as("round " + i).isLessThanOrEqualTo(2 * few);
		}
		assertThat(entries.size()).isEqualTo(20_000);
	}

	private static long touchedBy(RecentEntries<Counted> entries, int round, AtomicLong touched) {
		long before = touched.get();
		for (int i = 0; i < 1000; i++) {
			Counted entry = new Counted(round * 1000 + i, touched);
			entries.contains(entry);
			entries.add(entry);
		}
		return touched.get() - before;
	}

	private record Counted(int number, AtomicLong touched) {

		@Override
		public boolean equals(Object other) {
			this.touched.incrementAndGet();
			return other instanceof Counted counted && counted.number() == this.number;
		}

		@Override
		public int hashCode() {
			this.touched.incrementAndGet();
			return Integer.hashCode(this.number);
		}

	}

}
