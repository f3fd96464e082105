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
 * Blocks the calling thread, which may be a platform thread or a virtual thread, until a
 * response arrives or the thread is interrupted.
 *
 * @param <T> the type of the response
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
	 * Subscribes and waits for the response.
	 * @param response the source of the response
	 * @param <T> the type of the response
	 * @return the response, or {@code null} if there is none
	 * @throws io.github.grokspring.error.GrokApiException if the call failed
	 * @throws GrokException if the thread must not block or was interrupted, in which
	 * case the call is cancelled and the interrupted status is retained
	 */
	public static <T> @Nullable T await(Mono<T> response) {
		return await(response, Context.empty());
	}

	/**
	 * Subscribes with a Reactor context and waits for the response.
	 * @param response the source of the response
	 * @param context the Reactor context of the call
	 * @param <T> the type of the response
	 * @return the response, or {@code null} if there is none
	 * @throws io.github.grokspring.error.GrokApiException if the call failed
	 * @throws GrokException if the thread must not block or was interrupted, in which
	 * case the call is cancelled and the interrupted status is retained
	 */
	public static <T> @Nullable T await(Mono<T> response, ContextView context) {
		if (Schedulers.isInNonBlockingThread()) {
			throw GrokException.unsent("A blocking call to xAI was made on thread '" + Thread.currentThread().getName()
					+ "', which must not block. Use stream(), or move the call to another thread, "
					+ "for example with subscribeOn(Schedulers.boundedElastic()).");
		}
		if (Thread.currentThread().isInterrupted()) {
			throw interrupted(false);
		}
		BlockingSubscriber<T> call = new BlockingSubscriber<>(context);
		response.subscribe(call);
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
			throw withCallerStackTrace(this.failure);
		}
		return this.value;
	}

	private static GrokException interrupted(boolean sent) {
		String message = "Interrupted while waiting for xAI";
		return sent ? new GrokException(message) : GrokException.unsent(message);
	}

	// The stack trace of the event loop does not help the caller, so it is replaced
	private static RuntimeException withCallerStackTrace(Throwable failure) {
		if (failure instanceof GrokException exception) {
			StackTraceElement[] stack = new Throwable().getStackTrace();
			exception.setStackTrace(java.util.Arrays.copyOfRange(stack, Math.min(2, stack.length), stack.length));
			return exception;
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure instanceof RuntimeException exception) {
			exception.addSuppressed(new GrokException("The blocking call was made here"));
			return exception;
		}
		return new GrokException("The call to xAI failed: " + failure.getMessage(), failure);
	}

}
