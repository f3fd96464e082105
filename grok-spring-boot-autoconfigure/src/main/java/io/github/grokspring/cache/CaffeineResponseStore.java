package io.github.grokspring.cache;

import java.time.Duration;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import org.jspecify.annotations.Nullable;

/**
 * Texts in the memory of this process.
 */
final class CaffeineResponseStore implements ResponseStore {

	/** What is longer counts as several, so that the number of entries limits memory. */
	private static final int USUAL_LENGTH = 16 * 1024;

	private final Cache<String, Kept> cache;

	CaffeineResponseStore(long maxEntries) {
		// Housekeeping is done by whoever writes: the threads that Caffeine would take
		// belong to the application.
		this.cache = Caffeine.newBuilder()
			.maximumWeight(maxEntries)
			.weigher((String key, Kept kept) -> (int) Math.min(maxEntries, 1 + kept.text().length() / USUAL_LENGTH))
			.executor(Runnable::run)
			.expireAfter(Expiry.creating((String key, Kept kept) -> kept.ttl()))
			.build();
	}

	@Override
	public @Nullable String get(String key) {
		Kept kept = this.cache.getIfPresent(key);
		return (kept != null) ? kept.text() : null;
	}

	@Override
	public void put(String key, String text, Duration ttl) {
		this.cache.put(key, new Kept(text, ttl));
	}

	@Override
	public void clear() {
		this.cache.invalidateAll();
	}

	@Override
	public boolean mayBlock() {
		return false;
	}

	/**
	 * A text, and how long it is kept.
	 *
	 * @param text the text
	 * @param ttl how long
	 */
	private record Kept(String text, Duration ttl) {

	}

}
