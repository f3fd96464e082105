package io.github.grokspring.cache;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Remembers which requests are being asked by whoever is under way, for the sake of all
 * who wait for them. Who asks the same once more from below, such as a fallback that
 * leads back to its client, would wait for itself. Calls are marked on their thread,
 * streams in their context and on the thread that subscribes to them.
 */
final class SharedRequestReentrancy {

	private static final ThreadLocal<Set<CacheRequest.SharedRequestKey>> CURRENT = new ThreadLocal<>();

	private SharedRequestReentrancy() {
	}

	/**
	 * Whether a request waits for what this thread does.
	 */
	static boolean onThisThread(CacheRequest asked) {
		return current().contains(asked.flight());
	}

	/**
	 * Whether a request waits for a stream, which is being subscribed to on this thread.
	 */
	static boolean in(ContextView context, CacheRequest asked) {
		return onThisThread(asked) || keys(context).contains(asked.flight());
	}

	/**
	 * Call for all who wait.
	 */
	static <T> T calling(CacheRequest asked, Supplier<T> call) {
		return marked(with(current(), asked), call);
	}

	/**
	 * A stream for all who wait.
	 */
	static <T> Flux<T> streaming(CacheRequest asked, Flux<T> stream) {
		return Flux.deferContextual((context) -> {
			Set<CacheRequest.SharedRequestKey> keys = with(keys(context), asked);
			Flux<T> subscribing = Flux.from((subscriber) -> calling(asked, () -> {
				stream.subscribe(subscriber);
				return keys;
			}));
			return subscribing.contextWrite((inner) -> inner.put(SharedRequestReentrancy.class, keys));
		});
	}

	private static <T> T marked(Set<CacheRequest.SharedRequestKey> keys, Supplier<T> call) {
		Set<CacheRequest.SharedRequestKey> before = CURRENT.get();
		CURRENT.set(keys);
		try {
			return call.get();
		}
		finally {
			if (before == null) {
				CURRENT.remove();
			}
			else {
				CURRENT.set(before);
			}
		}
	}

	private static Set<CacheRequest.SharedRequestKey> keys(ContextView context) {
		return context.<Set<CacheRequest.SharedRequestKey>>getOrEmpty(SharedRequestReentrancy.class).orElse(Set.of());
	}

	private static Set<CacheRequest.SharedRequestKey> current() {
		Set<CacheRequest.SharedRequestKey> keys = CURRENT.get();
		return (keys != null) ? keys : Set.of();
	}

	private static Set<CacheRequest.SharedRequestKey> with(Set<CacheRequest.SharedRequestKey> some,
			CacheRequest asked) {
		Set<CacheRequest.SharedRequestKey> all = new HashSet<>(some);
		all.add(asked.flight());
		return Set.copyOf(all);
	}

}
