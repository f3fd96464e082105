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
 * One request under way, and those who wait for its answer. Each of them gets all
 * elements from the first one on, at the pace of its own: what the slowest has not taken
 * is kept, which is never more than the answer. When nobody waits any longer, the request
 * is given up. Safe for use by several threads, of which one brings the answer.
 */
final class SharedRequest {

	private final Sinks.Many<ChatResponse> elements = Sinks.many().replay().all();

	private final List<ChatResponse> arrived = new ArrayList<>();

	private final Disposable.Swap request = Disposables.swap();

	private final Consumer<SharedRequest> onEmpty;

	/** Whoever makes a flight is on it. */
	private int passengers = 1;

	private boolean over;

	private volatile boolean ofWhatWasKept;

	/**
	 * Begin with one who waits.
	 * @param onEmpty is told when nobody waits any longer, before the request is given up
	 */
	SharedRequest(Consumer<SharedRequest> onEmpty) {
		this.onEmpty = onEmpty;
	}

	/**
	 * Wait for the answer, too. To be followed by {@link #stream()} or {@link #await()}.
	 * @return whether the request is, or was, one that ends
	 */
	synchronized boolean join() {
		if (this.passengers == 0 && !this.over) {
			return false;
		}
		this.passengers++;
		return true;
	}

	/**
	 * How many wait.
	 */
	synchronized int subscribers() {
		return this.passengers;
	}

	/**
	 * Do not wait any longer.
	 */
	void leave() {
		synchronized (this) {
			this.passengers--;
			if (this.passengers > 0 || this.over) {
				return;
			}
		}
		this.onEmpty.accept(this);
		this.request.dispose();
	}

	/**
	 * Bring the answer from a stream.
	 * @param answer the stream
	 * @param landed is told all elements when they are there, before anybody learns that
	 * it was the last one
	 * @param failed is told when it has failed, before anybody else
	 */
	void connect(Flux<ChatResponse> answer, Consumer<List<ChatResponse>> landed, Runnable failed) {
		Request request = new Request(landed, failed);
		this.request.update(request);
		CallLifecycle.guard(() -> answer).subscribe(request);
	}

	/**
	 * Bring the answer at once.
	 * @param answer its elements
	 */
	void complete(List<ChatResponse> answer) {
		answer.forEach(this::arrived);
		finish();
	}

	/**
	 * The answer is one that was kept, after all. To be said before it is brought.
	 */
	void fromCache() {
		this.ofWhatWasKept = true;
	}

	boolean isOfWhatWasKept() {
		return this.ofWhatWasKept;
	}

	/**
	 * There will be no answer.
	 * @param failure why
	 */
	void fail(Throwable failure) {
		end();
		this.elements.tryEmitError(failure);
	}

	private void arrived(ChatResponse element) {
		this.arrived.add(element);
		this.elements.tryEmitNext(element);
	}

	private void finish() {
		end();
		this.elements.tryEmitComplete();
	}

	private synchronized void end() {
		this.over = true;
	}

	/**
	 * The elements, for one who waits.
	 * @param each is done to each of them, for this one alone
	 * @return a stream that leaves when it ends in any way
	 */
	Flux<ChatResponse> stream(UnaryOperator<ChatResponse> each) {
		// Everybody on a thread of its own, because one who blocks must not stop the
		// others.
		return CallLifecycle.stream(new JoinedSubscriber(each),
				() -> this.elements.asFlux().publishOn(StreamScheduler.scheduler()));
	}

	/**
	 * Wait for all elements on the calling thread.
	 * @return the elements
	 * @throws GrokException if the thread was interrupted, or as the request failed
	 */
	List<ChatResponse> await() {
		CompletableFuture<@Nullable List<ChatResponse>> all = elements().collectList().toFuture();
		try {
			return Objects.requireNonNull(all.get());
		}
		catch (InterruptedException ex) {
			all.cancel(true);
			Thread.currentThread().interrupt();
			throw new GrokException("Interrupted while waiting for the answer to an equal request");
		}
		catch (ExecutionException ex) {
			throw raised(ex.getCause());
		}
	}

	private Flux<ChatResponse> elements() {
		return Flux.using(() -> this, (flight) -> flight.elements.asFlux(), SharedRequest::leave);
	}

	private static RuntimeException raised(@Nullable Throwable failure) {
		if (failure instanceof Error error) {
			throw error;
		}
		return (failure instanceof RuntimeException exception) ? exception
				: new GrokException("The call to xAI failed", failure);
	}

	/**
	 * One who waits, and leaves when its stream ends in any way.
	 */
	private final class JoinedSubscriber implements CallLifecycle {

		private final UnaryOperator<ChatResponse> each;

		JoinedSubscriber(UnaryOperator<ChatResponse> each) {
			this.each = each;
		}

		@Override
		public ChatResponse onNext(ChatResponse element) {
			return this.each.apply(element);
		}

		@Override
		public void onComplete() {
			leave();
		}

		@Override
		public void onError(Throwable failure) {
			leave();
		}

		@Override
		public void onCancel() {
			leave();
		}

	}

	/**
	 * Takes the answer as fast as it comes. May be given up before it has begun.
	 */
	private final class Request extends BaseSubscriber<ChatResponse> {

		private final Consumer<List<ChatResponse>> landed;

		private final Runnable failed;

		Request(Consumer<List<ChatResponse>> landed, Runnable failed) {
			this.landed = landed;
			this.failed = failed;
		}

		@Override
		protected void hookOnNext(ChatResponse element) {
			arrived(element);
		}

		@Override
		protected void hookOnComplete() {
			try {
				this.landed.accept(List.copyOf(SharedRequest.this.arrived));
				finish();
			}
			catch (Throwable ex) {
				hookOnError(ex);
			}
		}

		@Override
		protected void hookOnError(Throwable failure) {
			this.failed.run();
			fail(failure);
		}

	}

	/**
	 * Whoever asked was interrupted, which is no failure of the request: somebody else
	 * has to ask.
	 */
	@SuppressWarnings("serial")
	static final class AbandonedException extends RuntimeException {

		AbandonedException() {
			super("The call that asked was interrupted", null, false, false);
		}

	}

}
