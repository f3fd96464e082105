package io.github.grokspring.chain;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.util.context.ContextView;

/**
 * Tracks nested calls of the same stage, which occur if a model of the application passes
 * a call to another client with its own prompt. Blocking calls are bound to their thread,
 * streams to their Reactor context and the subscribing thread. A blocking call on another
 * thread is not recognized.
 * <p>
 * Thread-safe.
 *
 * @param <T> the type that represents a call
 * @since 0.1.0
 */
public final class Reentrancy<T> {

	private final ThreadLocal<T> current = new ThreadLocal<>();

	/**
	 * Returns the innermost outer call of the current thread.
	 * @return the call, or {@code null} if there is none
	 */
	public @Nullable T outer() {
		return this.current.get();
	}

	/**
	 * Returns the innermost outer call of a stream.
	 * @param context the context of the subscriber
	 * @return the call, or {@code null} if there is none
	 */
	public @Nullable T outer(ContextView context) {
		T outer = context.getOrDefault(this, null);
		return (outer != null) ? outer : outer();
	}

	/**
	 * Executes a nested blocking call.
	 * @param call the outer call
	 * @param delegate the nested call
	 * @param <R> the result type
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
	 * Decorates a nested stream.
	 * @param call the outer call
	 * @param delegate the nested stream
	 * @param <R> the element type
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
