package io.github.grokspring.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * {@link ResponseStore} in memory.
 */
final class CaffeineResponseStore implements ResponseStore {

	/**
	 * Entries that are longer count several times, so that the number of entries bounds
	 * memory.
	 */
	private static final int TYPICAL_LENGTH = 16 * 1024;

	private final Cache<String, Entry> cache;

	CaffeineResponseStore(long maxEntries) {
		// Run maintenance on the calling thread: Caffeine's default executor is shared
		// with the application
		this.cache = Caffeine.newBuilder()
			.maximumWeight(maxEntries)
			.weigher(
					(String key, Entry entry) -> (int) Math.min(maxEntries, 1 + entry.text().length() / TYPICAL_LENGTH))
			.executor(Runnable::run)
			.expireAfter(Expiry.creating((String key, Entry entry) -> entry.ttl()))
			.build();
	}

	@Override
	public @Nullable String get(String key) {
		Entry entry = this.cache.getIfPresent(key);
		return (entry != null) ? entry.text() : null;
	}

	@Override
	public void put(String key, String text, Duration ttl) {
		this.cache.put(key, new Entry(text, ttl));
	}

	@Override
	public void clear() {
		this.cache.invalidateAll();
	}

	@Override
	public boolean mayBlock() {
		return false;
	}

	private record Entry(String text, Duration ttl) {

	}

}
