package io.github.grokspring.cache;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Stream;

import com.github.benmanes.caffeine.cache.Caffeine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.cache.Cache;
import org.springframework.cache.caffeine.CaffeineCache;
import org.springframework.cache.concurrent.ConcurrentMapCache;
import org.springframework.cache.transaction.TransactionAwareCacheDecorator;
import org.springframework.transaction.support.TransactionSynchronizationManager;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link SpringCacheResponseStore}.
 */
class SpringCacheResponseStoreTests {

	private static final Duration HOUR = Duration.ofHours(1);

	static Stream<Cache> localCaches() {
		return Stream.of(new ConcurrentMapCache("answers"),
				new CaffeineCache("answers", Caffeine.newBuilder().maximumSize(5).build()));
	}

	static Stream<Cache> remoteCaches() {
		// Like the maps of Hazelcast and Infinispan
		ConcurrentMap<Object, Object> grid = new DistributedMap();
		return Stream.of(new ConcurrentMapCache("answers", grid, false),
				new TransactionAwareCacheDecorator(new ConcurrentMapCache("answers")));
	}

	@ParameterizedTest
	@MethodSource("localCaches")
	void localCacheDoesNotBlock(Cache cache) {
		assertThat(ResponseStore.of(cache).mayBlock()).isFalse();
	}

	@ParameterizedTest
	@MethodSource("remoteCaches")
	void otherCachesMayBlock(Cache cache) {
		assertThat(ResponseStore.of(cache).mayBlock()).isTrue();
	}

	@ParameterizedTest
	@MethodSource({ "localCaches", "remoteCaches" })
	void storedTextIsFoundUntilCleared(Cache cache) {
		ResponseStore store = ResponseStore.of(cache);
		store.put("key", "text", HOUR);
		assertThat(store.get("key")).isEqualTo("text");
		store.clear();
		assertThat(store.get("key")).isNull();
	}

	@Test
	void foreignValueIsIgnored() {
		Cache cache = new ConcurrentMapCache("answers");
		cache.put("key", 5);
		assertThat(ResponseStore.of(cache).get("key")).isNull();
	}

	@Test
	void rollbackDoesNotRestoreClearedEntries() {
		Fixture fixture = new Fixture(
				ResponseStore.of(new TransactionAwareCacheDecorator(new ConcurrentMapCache("answers"))));
		TransactionSynchronizationManager.initSynchronization();
		try {
			fixture.call();
			assertThat(TransactionSynchronizationManager.getSynchronizations()).isEmpty();
			fixture.call();
			assertThat(fixture.results()).containsExactly("miss", "hit");
			fixture.cache.clear();
			fixture.call();
			assertThat(fixture.results()).containsExactly("miss", "hit", "miss");
		}
		finally {
			TransactionSynchronizationManager.clearSynchronization();
		}
	}

	private static final class DistributedMap extends ConcurrentHashMap<Object, Object> {

		private static final long serialVersionUID = 1;

	}

}
