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
final class Leading {

	private static final ThreadLocal<Set<Asked.FlightKey>> CURRENT = new ThreadLocal<>();

	private Leading() {
	}

	/**
	 * Whether a request waits for what this thread does.
	 */
	static boolean onThisThread(Asked asked) {
		return current().contains(asked.flight());
	}

	/**
	 * Whether a request waits for a stream, which is being subscribed to on this thread.
	 */
	static boolean in(ContextView context, Asked asked) {
		return onThisThread(asked) || keys(context).contains(asked.flight());
	}

	/**
	 * Call for all who wait.
	 */
	static <T> T calling(Asked asked, Supplier<T> call) {
		return marked(with(current(), asked), call);
	}

	/**
	 * A stream for all who wait.
	 */
	static <T> Flux<T> streaming(Asked asked, Flux<T> stream) {
		return Flux.deferContextual((context) -> {
			Set<Asked.FlightKey> keys = with(keys(context), asked);
			Flux<T> subscribing = Flux.from((subscriber) -> calling(asked, () -> {
				stream.subscribe(subscriber);
				return keys;
			}));
			return subscribing.contextWrite((inner) -> inner.put(Leading.class, keys));
		});
	}

	private static <T> T marked(Set<Asked.FlightKey> keys, Supplier<T> call) {
		Set<Asked.FlightKey> before = CURRENT.get();
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

	private static Set<Asked.FlightKey> keys(ContextView context) {
		return context.<Set<Asked.FlightKey>>getOrEmpty(Leading.class).orElse(Set.of());
	}

	private static Set<Asked.FlightKey> current() {
		Set<Asked.FlightKey> keys = CURRENT.get();
		return (keys != null) ? keys : Set.of();
	}

	private static Set<Asked.FlightKey> with(Set<Asked.FlightKey> some, Asked asked) {
		Set<Asked.FlightKey> all = new HashSet<>(some);
		all.add(asked.flight());
		return Set.copyOf(all);
	}

}
