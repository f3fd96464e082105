package io.github.grokspring.fallback;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Supplier;

import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Remembers which other providers are being asked by the call that is under way. One that
 * asks a client of ours itself would otherwise be asked again when that fails, and so on.
 * Calls are marked on their thread, streams in their context and on the thread that
 * subscribes to them.
 */
final class FallbackReentrancy {

	private static final ThreadLocal<Set<String>> CURRENT = ThreadLocal.withInitial(Set::of);

	private FallbackReentrancy() {
	}

	/**
	 * The providers that wait for what this thread does.
	 */
	static Set<String> onThisThread() {
		return CURRENT.get();
	}

	/**
	 * The providers that wait for a stream, which is being subscribed to on this thread.
	 */
	static Set<String> in(ContextView context) {
		return union(CURRENT.get(), context.<Set<String>>getOrEmpty(FallbackReentrancy.class).orElse(Set.of()));
	}

	/**
	 * Ask a provider.
	 */
	static <T> T with(String name, Supplier<T> call) {
		return marked(union(CURRENT.get(), Set.of(name)), call);
	}

	/**
	 * A stream of a provider.
	 */
	static <T> Flux<T> streaming(String name, Flux<T> stream) {
		return Flux.deferContextual((context) -> {
			Set<String> names = union(in(context), Set.of(name));
			Flux<T> subscribing = Flux.from((subscriber) -> marked(names, () -> {
				stream.subscribe(subscriber);
				return names;
			}));
			return subscribing.contextWrite((inner) -> inner.put(FallbackReentrancy.class, names));
		});
	}

	private static <T> T marked(Set<String> names, Supplier<T> call) {
		Set<String> before = CURRENT.get();
		CURRENT.set(names);
		try {
			return call.get();
		}
		finally {
			if (before.isEmpty()) {
				CURRENT.remove();
			}
			else {
				CURRENT.set(before);
			}
		}
	}

	private static Set<String> union(Set<String> some, Set<String> more) {
		Set<String> all = new HashSet<>(some);
		all.addAll(more);
		return Set.copyOf(all);
	}

}
