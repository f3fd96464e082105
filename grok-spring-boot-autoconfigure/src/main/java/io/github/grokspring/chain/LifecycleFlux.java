package io.github.grokspring.chain;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.Exceptions;
import reactor.core.Scannable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;
import reactor.util.context.Context;

import org.springframework.ai.chat.model.ChatResponse;

/**
 * Stream that invokes a {@link CallLifecycle}. Reactor rethrows fatal errors such as
 * {@link NoClassDefFoundError} through all operators without a signal, so resources would
 * not be released. This class catches them.
 */
final class LifecycleFlux extends Flux<ChatResponse> {

	static final CallLifecycle NO_OP = new CallLifecycle() {

		@Override
		public void onComplete() {
			// Nothing to release
		}

		@Override
		public void onError(Throwable failure) {
			// Nothing to release
		}

		@Override
		public void onCancel() {
			// Nothing to release
		}

	};

	private final CallLifecycle lifecycle;

	private final Supplier<Flux<ChatResponse>> stream;

	LifecycleFlux(CallLifecycle lifecycle, Supplier<Flux<ChatResponse>> stream) {
		this.lifecycle = lifecycle;
		this.stream = stream;
	}

	/**
	 * Invokes the error callback without replacing the original failure.
	 */
	static void release(CallLifecycle lifecycle, Throwable failure) {
		try {
			lifecycle.onError(failure);
		}
		catch (Throwable ex) {
			if (ex != failure) {
				failure.addSuppressed(ex);
			}
		}
	}

	@Override
	public void subscribe(CoreSubscriber<? super ChatResponse> actual) {
		LifecycleSubscriber elements = new LifecycleSubscriber(actual, this.lifecycle);
		try {
			this.stream.get().subscribe(elements);
		}
		catch (Throwable ex) {
			elements.fail(ex);
		}
	}

	@SuppressWarnings({ "serial", "rawtypes" })
	private static final class LifecycleSubscriber extends AtomicBoolean
			implements CoreSubscriber<ChatResponse>, Subscription, Scannable {

		private final CoreSubscriber<? super ChatResponse> actual;

		private final CallLifecycle lifecycle;

		private @Nullable Subscription upstream;

		LifecycleSubscriber(CoreSubscriber<? super ChatResponse> actual, CallLifecycle lifecycle) {
			this.actual = actual;
			this.lifecycle = lifecycle;
		}

		@Override
		public Context currentContext() {
			return this.actual.currentContext();
		}

		@Override
		public @Nullable Object scanUnsafe(Attr key) {
			return (key == Attr.ACTUAL) ? this.actual
					: (key == Attr.PARENT) ? this.upstream : (key == Attr.TERMINATED) ? get() : null;
		}

		@Override
		public void onSubscribe(Subscription subscription) {
			if (Operators.validate(this.upstream, subscription)) {
				this.upstream = subscription;
				this.actual.onSubscribe(this);
			}
		}

		@Override
		public void onNext(ChatResponse element) {
			if (get()) {
				return;
			}
			try {
				this.actual.onNext(this.lifecycle.onNext(element));
			}
			catch (Throwable ex) {
				fail(ex);
				failOuter(ex);
			}
		}

		@Override
		public void onComplete() {
			if (!compareAndSet(false, true)) {
				return;
			}
			try {
				this.lifecycle.onComplete();
			}
			catch (Throwable ex) {
				Throwable error = toSignal(ex);
				release(this.lifecycle, error);
				signal(error);
				return;
			}
			try {
				this.actual.onComplete();
			}
			catch (Throwable ex) {
				signal(toSignal(ex));
				failOuter(ex);
			}
		}

		@Override
		public void onError(Throwable failure) {
			if (compareAndSet(false, true)) {
				Throwable error = toSignal(failure);
				release(this.lifecycle, error);
				signal(error);
			}
			else {
				Operators.onErrorDropped(failure, currentContext());
			}
		}

		/**
		 * Ends the stream after a part of it has thrown an error.
		 */
		void fail(Throwable failure) {
			if (this.upstream == null) {
				this.upstream = Operators.emptySubscription();
				this.actual.onSubscribe(this);
			}
			try {
				this.upstream.cancel();
			}
			finally {
				onError(failure);
			}
		}

		@Override
		public void request(long n) {
			if (this.upstream != null) {
				this.upstream.request(n);
			}
		}

		@Override
		public void cancel() {
			if (!compareAndSet(false, true)) {
				return;
			}
			try {
				if (this.upstream != null) {
					this.upstream.cancel();
				}
			}
			finally {
				try {
					this.lifecycle.onCancel();
				}
				catch (Throwable ex) {
					Operators.onErrorDropped(ex, currentContext());
				}
			}
		}

		// An operator that failed on completion still accepts the error
		private void signal(Throwable failure) {
			try {
				this.actual.onError(failure);
			}
			catch (Throwable ex) {
				this.actual.onError(toSignal(ex));
			}
		}

		// Operators drop an error that follows completion, and the stage above would
		// never end
		private void failOuter(Throwable failure) {
			Stream.concat(Stream.of(this.actual), Scannable.from(this.actual).actuals())
				.filter(LifecycleSubscriber.class::isInstance)
				.map(LifecycleSubscriber.class::cast)
				.findFirst()
				.filter((outer) -> !outer.get())
				.ifPresent((outer) -> outer.fail(failure));
		}

		private static Throwable toSignal(Throwable failure) {
			return Exceptions.isJvmFatal(failure)
					? new IllegalStateException("The stream failed with " + failure.getClass().getName(), failure)
					: failure;
		}

	}

}
