package io.github.grokspring.chain;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Tells a stage which call of the same stage waits for what it does, when a model of the
 * application passes a call to another client with a prompt of its own. Calls are marked
 * on their thread, streams in their Reactor context and on the thread that subscribes to
 * them; a blocking call that is made on yet another thread is not recognised. Safe for
 * use by several threads.
 *
 * @param <T> what is known of a call
 * @since 0.1.0
 */
public final class Reentrancy<T> {

	private final ThreadLocal<T> current = new ThreadLocal<>();

	/**
	 * Returns the call that waits for this thread.
	 * @return the innermost one, or {@code null} if there is none
	 */
	public @Nullable T outer() {
		return this.current.get();
	}

	/**
	 * Returns the call that waits for a stream, which is being subscribed to.
	 * @param context the context of the subscriber
	 * @return the innermost one, or {@code null} if there is none
	 */
	public @Nullable T outer(ContextView context) {
		T outer = context.getOrDefault(this, null);
		return (outer != null) ? outer : outer();
	}

	/**
	 * Executes a call that waits for what is below.
	 * @param call what is known of it
	 * @param delegate what is below
	 * @param <R> the type of the result
	 * @return the result
	 */
	public <R> R call(T call, Supplier<R> delegate) {
		T before = this.current.get();
		this.current.set(call);
		try {
			return delegate.get();
		}
		finally {
			if (before != null) {
				this.current.set(before);
			}
			else {
				this.current.remove();
			}
		}
	}

	/**
	 * Streams for a call that waits for what is below.
	 * @param call what is known of it
	 * @param delegate what is below
	 * @param <R> the type of the elements
	 * @return the stream
	 */
	public <R> Flux<R> stream(T call, Flux<R> delegate) {
		Flux<R> subscribing = Flux.from((subscriber) -> call(call, () -> {
			delegate.subscribe(subscriber);
			return call;
		}));
		return subscribing.contextWrite((context) -> context.put(this, call));
	}

}
