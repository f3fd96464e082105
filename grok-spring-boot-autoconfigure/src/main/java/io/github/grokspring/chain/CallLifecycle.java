package io.github.grokspring.chain;

import java.util.function.Supplier;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Callbacks of a stage that holds resources during a call.
 * <p>
 * Once a call has started, {@link #onComplete()}, {@link #onError(Throwable)} or
 * {@link #onCancel()} is always invoked, even if the delegate, a listener, a store or the
 * subscriber throws an undeclared checked exception or a JVM error. If a callback throws,
 * {@link #onError(Throwable)} follows, so implementations must release their resources
 * only once.
 *
 * @since 0.1.0
 */
public interface CallLifecycle {

	/**
	 * Invoked with the response or an element of a stream.
	 * @param response the response
	 * @return the response to pass on
	 */
	default ChatResponse onNext(ChatResponse response) {
		return response;
	}

	/**
	 * Invoked after the whole response has been received, before the caller sees its end.
	 */
	void onComplete();

	/**
	 * Invoked after a failure, before the caller sees it.
	 * @param failure the failure
	 */
	void onError(Throwable failure);

	/**
	 * Invoked after the subscriber of a stream has cancelled it and the cancellation has
	 * reached the delegate.
	 */
	void onCancel();

	/**
	 * Executes a blocking call.
	 * @param lifecycle the callbacks
	 * @param call the call
	 * @return the response
	 */
	static ChatResponse call(CallLifecycle lifecycle, Supplier<ChatResponse> call) {
		try {
			ChatResponse response = lifecycle.onNext(call.get());
			lifecycle.onComplete();
			return response;
		}
		catch (Throwable ex) {
			LifecycleFlux.release(lifecycle, ex);
			throw ex;
		}
	}

	/**
	 * Decorates a stream. The result supports one subscriber.
	 * @param lifecycle the callbacks
	 * @param stream the stream
	 * @return the decorated stream
	 */
	static Flux<ChatResponse> stream(CallLifecycle lifecycle, Supplier<Flux<ChatResponse>> stream) {
		return new LifecycleFlux(lifecycle, stream);
	}

	/**
	 * Signals everything that is thrown while a stream runs as an error of the stream.
	 * Errors that Reactor considers fatal become the cause of an
	 * {@link IllegalStateException}.
	 * @param stream the stream
	 * @return the guarded stream
	 */
	static Flux<ChatResponse> guard(Supplier<Flux<ChatResponse>> stream) {
		return new LifecycleFlux(LifecycleFlux.NO_OP, stream);
	}

}
