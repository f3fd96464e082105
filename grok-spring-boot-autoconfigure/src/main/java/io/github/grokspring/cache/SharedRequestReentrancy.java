package io.github.grokspring.cache;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Tracks the shared requests that a call or stream is executing. An equal request from
 * within, for example by a fallback that leads back to the same client, would wait for
 * itself. Calls are tracked by thread, streams by context and subscribing thread.
 */
final class SharedRequestReentrancy {

	private static final ThreadLocal<Set<CacheRequest.SharedRequestKey>> CURRENT = new ThreadLocal<>();

	private SharedRequestReentrancy() {
	}

	static boolean onThisThread(CacheRequest request) {
		return current().contains(request.sharedRequestKey());
	}

	static boolean inContext(ContextView context, CacheRequest request) {
		return onThisThread(request) || keys(context).contains(request.sharedRequestKey());
	}

	static <T> T call(CacheRequest request, Supplier<T> action) {
		return runWith(with(current(), request), action);
	}

	static <T> Flux<T> stream(CacheRequest request, Flux<T> stream) {
		return Flux.deferContextual((context) -> {
			Set<CacheRequest.SharedRequestKey> keys = with(keys(context), request);
			Flux<T> subscribing = Flux.from((subscriber) -> call(request, () -> {
				stream.subscribe(subscriber);
				return keys;
			}));
			return subscribing.contextWrite((inner) -> inner.put(SharedRequestReentrancy.class, keys));
		});
	}

	private static <T> T runWith(Set<CacheRequest.SharedRequestKey> keys, Supplier<T> action) {
		Set<CacheRequest.SharedRequestKey> before = CURRENT.get();
		CURRENT.set(keys);
		try {
			return action.get();
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

	private static Set<CacheRequest.SharedRequestKey> with(Set<CacheRequest.SharedRequestKey> keys,
			CacheRequest request) {
		Set<CacheRequest.SharedRequestKey> all = new HashSet<>(keys);
		all.add(request.sharedRequestKey());
		return Set.copyOf(all);
	}

}
