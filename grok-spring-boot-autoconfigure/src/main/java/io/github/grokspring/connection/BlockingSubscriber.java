package io.github.grokspring.connection;

import java.util.concurrent.locks.LockSupport;

import io.github.grokspring.chain.SendState;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.Context;
import reactor.util.context.ContextView;

/**
 * Waits for an answer on the calling thread, which may be a platform or a virtual thread
 * and may be interrupted.
 *
 * @param <T> the type of the answer
 * @since 0.1.0
 */
public final class BlockingSubscriber<T> implements CoreSubscriber<T> {

	private final Thread caller = Thread.currentThread();

	private final Context context;

	private final SendState sendState;

	private volatile @Nullable Subscription subscription;

	private volatile boolean done;

	private @Nullable T value;

	private @Nullable Throwable failure;

	private BlockingSubscriber(ContextView context) {
		this.sendState = SendState.within(context);
		this.context = this.sendState.writeTo(Context.of(context));
	}

	/**
	 * Wait for the answer.
	 * @param answer where it comes from
	 * @param <T> the type of the answer
	 * @return the answer, or {@code null} if there is none
	 * @throws io.github.grokspring.error.GrokApiException if the call failed
	 * @throws GrokException if the thread was interrupted, in which case the call is
	 * cancelled and the thread still interrupted, or if the thread must not block
	 */
	public static <T> @Nullable T await(Mono<T> answer) {
		return await(answer, Context.empty());
	}

	/**
	 * Wait for the answer.
	 * @param answer where it comes from
	 * @param context the Reactor context of the call
	 * @param <T> the type of the answer
	 * @return the answer, or {@code null} if there is none
	 * @throws io.github.grokspring.error.GrokApiException if the call failed
	 * @throws GrokException if the thread was interrupted, in which case the call is
	 * cancelled and the thread still interrupted, or if the thread must not block
	 */
	public static <T> @Nullable T await(Mono<T> answer, ContextView context) {
		if (Schedulers.isInNonBlockingThread()) {
			throw GrokException
				.unsent("A blocking call to xAI was made on the thread '" + Thread.currentThread().getName()
						+ "', which must not block. Use stream() there, or move the call elsewhere, "
						+ "such as with subscribeOn(Schedulers.boundedElastic()).");
		}
		if (Thread.currentThread().isInterrupted()) {
			throw interrupted(false);
		}
		BlockingSubscriber<T> call = new BlockingSubscriber<>(context);
		answer.subscribe(call);
		return call.await();
	}

	@Override
	public Context currentContext() {
		return this.context;
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.subscription = subscription;
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(T value) {
		this.value = value;
	}

	@Override
	public void onError(Throwable failure) {
		this.failure = failure;
		this.done = true;
		LockSupport.unpark(this.caller);
	}

	@Override
	public void onComplete() {
		this.done = true;
		LockSupport.unpark(this.caller);
	}

	private @Nullable T await() {
		while (!this.done) {
			LockSupport.park(this);
			if (!this.done && Thread.currentThread().isInterrupted()) {
				if (this.subscription != null) {
					this.subscription.cancel();
				}
				throw interrupted(this.sendState.isPossiblySent());
			}
		}
		if (this.failure != null) {
			throw raised(this.failure);
		}
		return this.value;
	}

	private static GrokException interrupted(boolean sent) {
		String message = "Interrupted while waiting for xAI";
		return sent ? new GrokException(message) : GrokException.unsent(message);
	}

	// A failure was made on an event loop, whose stack says nothing to whoever made the
	// call, so it gets the stack of the caller.
	private static RuntimeException raised(Throwable failure) {
		if (failure instanceof GrokException exception) {
			StackTraceElement[] stack = new Throwable().getStackTrace();
			exception.setStackTrace(java.util.Arrays.copyOfRange(stack, Math.min(2, stack.length), stack.length));
			return exception;
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			exception.addSuppressed(new GrokException("Waited for here"));
			return exception;
		}
		return new GrokException("The call to xAI failed: " + failure.getMessage(), failure);
	}

}
