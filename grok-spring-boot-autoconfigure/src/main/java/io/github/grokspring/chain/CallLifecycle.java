package io.github.grokspring.chain;

import java.util.function.Supplier;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Callbacks of a stage that holds something for the time of one call. After the start,
 * {@link #onComplete()}, {@link #onError(Throwable)} or {@link #onCancel()} is invoked
 * whatever ends the call: checked exceptions of languages that do not declare them and
 * errors of the JVM included, whether the delegate, a listener, a store or the subscriber
 * throws them. A callback that throws is followed by {@link #onError(Throwable)}, so
 * implementations release what they hold once.
 *
 * @since 0.1.0
 */
public interface CallLifecycle {

	/**
	 * Receives the response, or an element of a stream.
	 * @param response the response
	 * @return what is passed on
	 */
	default ChatResponse onNext(ChatResponse response) {
		return response;
	}

	/**
	 * Releases after the whole response has arrived, before the caller sees its end.
	 */
	void onComplete();

	/**
	 * Releases after a failure, before the caller sees it.
	 * @param failure the failure
	 */
	void onError(Throwable failure);

	/**
	 * Releases after the subscriber of a stream has cancelled it. The cancellation has
	 * reached the delegate by then.
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
	 * Streams with one set of callbacks, which supports one subscriber.
	 * @param lifecycle the callbacks
	 * @param stream what is streamed
	 * @return the stream
	 */
	static Flux<ChatResponse> stream(CallLifecycle lifecycle, Supplier<Flux<ChatResponse>> stream) {
		return new LifecycleFlux(lifecycle, stream);
	}

	/**
	 * Makes signals of a stream out of everything that is thrown while it runs, so that
	 * the stages above learn of it. Errors that Reactor would not signal are the cause of
	 * an {@link IllegalStateException}.
	 * @param stream what is streamed
	 * @return the stream
	 */
	static Flux<ChatResponse> guard(Supplier<Flux<ChatResponse>> stream) {
		return new LifecycleFlux(LifecycleFlux.NO_OP, stream);
	}

}
