package io.github.grokspring.cache;

import java.time.Duration;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CaffeineResponseStore}.
 */
class CaffeineResponseStoreTests {

	private static final Duration HOUR = Duration.ofHours(1);

	@Test
	void numberOfEntriesIsLimited() {
		assertThat(kept("usual".repeat(400))).isBetween(90L, 100L);
	}

	@Test
	void longEntriesCountSeveralTimes() {
		assertThat(kept("long".repeat(100_000))).isBetween(1L, 4L);
	}

	@Test
	void oversizedEntryEvictsAllOthers() {
		assertThat(kept("long".repeat(1_000_000))).isEqualTo(1L);
	}

	@Test
	void maximumTtlIsSupported() {
		ResponseStore store = ResponseStore.local(10);
		store.put("key", "text", Duration.ofSeconds(Long.MAX_VALUE, 999_999_999));
		assertThat(store.get("key")).isEqualTo("text");
		store.clear();
		assertThat(store.get("key")).isNull();
	}

	private static long kept(String text) {
		ResponseStore store = ResponseStore.local(100);
		IntStream.range(0, 500).forEach((i) -> store.put("key " + i, text, HOUR));
		return IntStream.range(0, 500).filter((i) -> store.get("key " + i) != null).count();
	}

}
