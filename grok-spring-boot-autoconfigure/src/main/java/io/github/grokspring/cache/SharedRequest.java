package io.github.grokspring.cache;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * A request in progress whose response is shared by several subscribers. Each subscriber
 * receives all elements from the first one at its own pace; elements are buffered for the
 * slowest one. The request is cancelled when its last subscriber leaves. Thread-safe,
 * with a single source of elements.
 */
final class SharedRequest {

	private final Sinks.Many<ChatResponse> elements = Sinks.many().replay().all();

	private final List<ChatResponse> received = new ArrayList<>();

	private final Disposable.Swap request = Disposables.swap();

	private final Consumer<SharedRequest> onEmpty;

	/** Includes the creator. */
	private int subscribers = 1;

	private boolean terminated;

	private volatile boolean fromCache;

	/**
	 * Creates a request with one subscriber.
	 * @param onEmpty invoked when the last subscriber has left, before the request is
	 * cancelled
	 */
	SharedRequest(Consumer<SharedRequest> onEmpty) {
		this.onEmpty = onEmpty;
	}

	/**
	 * Adds a subscriber, which then calls {@link #stream} or {@link #await()}.
	 */
	synchronized boolean join() {
		if (this.subscribers == 0 && !this.terminated) {
			return false;
		}
		this.subscribers++;
		return true;
	}

	synchronized int subscribers() {
		return this.subscribers;
	}

	void unsubscribe() {
		synchronized (this) {
			this.subscribers--;
			if (this.subscribers > 0 || this.terminated) {
				return;
			}
		}
		this.onEmpty.accept(this);
		this.request.dispose();
	}

	/**
	 * Connects the request to the source of its elements.
	 * @param onComplete receives all elements before subscribers see the completion
	 * @param onError invoked before subscribers see the failure
	 */
	void connect(Flux<ChatResponse> source, Consumer<List<ChatResponse>> onComplete, Runnable onError) {
		Request request = new Request(onComplete, onError);
		this.request.update(request);
		CallLifecycle.guard(() -> source).subscribe(request);
	}

	void complete(List<ChatResponse> response) {
		response.forEach(this::onElement);
		finish();
	}

	/**
	 * Marks the response as cached. To be called before the first element.
	 */
	void markFromCache() {
		this.fromCache = true;
	}

	boolean isFromCache() {
		return this.fromCache;
	}

	void fail(Throwable failure) {
		terminate();
		this.elements.tryEmitError(failure);
	}

	private void onElement(ChatResponse element) {
		this.received.add(element);
		this.elements.tryEmitNext(element);
	}

	private void finish() {
		terminate();
		this.elements.tryEmitComplete();
	}

	private synchronized void terminate() {
		this.terminated = true;
	}

	/**
	 * Returns the elements for one subscriber.
	 */
	Flux<ChatResponse> stream(UnaryOperator<ChatResponse> mapper) {
		// Each subscriber has its own thread, so that one that blocks does not stop the
		// others
		return CallLifecycle.stream(new JoinedSubscriber(mapper),
				() -> this.elements.asFlux().publishOn(StreamScheduler.scheduler()));
	}

	/**
	 * Waits for all elements.
	 * @throws GrokException if the thread is interrupted or the request fails
	 */
	List<ChatResponse> await() {
		CompletableFuture<@Nullable List<ChatResponse>> all = elements().collectList().toFuture();
		try {
			return Objects.requireNonNull(all.get());
		}
		catch (InterruptedException ex) {
			all.cancel(true);
			Thread.currentThread().interrupt();
			throw new GrokException("Interrupted while waiting for the response to an equal request");
		}
		catch (ExecutionException ex) {
			throw toUnchecked(ex.getCause());
		}
	}

	private Flux<ChatResponse> elements() {
		return Flux.using(() -> this, (shared) -> shared.elements.asFlux(), SharedRequest::unsubscribe);
	}

	private static RuntimeException toUnchecked(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof RuntimeException exception) ? exception
				: new GrokException("The call to xAI failed", failure);
	}

	private final class JoinedSubscriber implements CallLifecycle {

		private final UnaryOperator<ChatResponse> mapper;

		JoinedSubscriber(UnaryOperator<ChatResponse> mapper) {
			this.mapper = mapper;
		}

		@Override
		public ChatResponse onNext(ChatResponse element) {
			return this.mapper.apply(element);
		}

		@Override
		public void onComplete() {
			unsubscribe();
		}

		@Override
		public void onError(Throwable failure) {
			unsubscribe();
		}

		@Override
		public void onCancel() {
			unsubscribe();
		}

	}

	/**
	 * Requests elements without bound. May be cancelled before it is subscribed to.
	 */
	private final class Request extends BaseSubscriber<ChatResponse> {

		private final Consumer<List<ChatResponse>> onComplete;

		private final Runnable onError;

		Request(Consumer<List<ChatResponse>> onComplete, Runnable onError) {
			this.onComplete = onComplete;
			this.onError = onError;
		}

		@Override
		protected void hookOnNext(ChatResponse element) {
			onElement(element);
		}

		@Override
		protected void hookOnComplete() {
			try {
				this.onComplete.accept(List.copyOf(SharedRequest.this.received));
				finish();
			}
			catch (Throwable ex) {
				hookOnError(ex);
			}
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.onError.run();
			fail(failure);
		}

	}

	/**
	 * Signals that the call that sent the request was interrupted. The other subscribers
	 * have to send it again.
	 */
	@SuppressWarnings("serial")
	static final class AbandonedException extends RuntimeException {

		AbandonedException() {
			super("The call that sent the request was interrupted", null, false, false);
		}

	}

}
