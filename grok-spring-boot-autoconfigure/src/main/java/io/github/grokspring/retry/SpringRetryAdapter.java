package io.github.grokspring.retry;

import java.util.function.Function;

import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.retry.RetryCallback;
import org.springframework.retry.RetryContext;
import org.springframework.retry.RetryListener;
import org.springframework.retry.RetryPolicy;
import org.springframework.retry.backoff.BackOffContext;
import org.springframework.retry.backoff.BackOffPolicy;
import org.springframework.retry.context.RetryContextSupport;
import org.springframework.retry.support.RetryTemplate;

/**
 * {@link RetryState} in the terms of Spring Retry, which asks whether and how long in two
 * places and tells of successes in a third. They are the same object so that each failure
 * is judged once.
 */
@SuppressWarnings("serial")
final class SpringRetryAdapter implements RetryPolicy, BackOffPolicy, RetryListener {

	private final RetrySettings retries;

	private final Function<Throwable, @Nullable GrokApiException> reading;

	SpringRetryAdapter(RetrySettings retries, Function<Throwable, @Nullable GrokApiException> reading) {
		this.retries = retries;
		this.reading = reading;
	}

	RetryTemplate template() {
		RetryTemplate template = new RetryTemplate();
		template.setRetryPolicy(this);
		template.setBackOffPolicy(this);
		template.setListeners(new RetryListener[] { this });
		return template;
	}

	/**
	 * Let a call bring its own attempts. To be called before the first of them fails.
	 * @param context the context of the call
	 * @param attempts its attempts
	 */
	static void begin(RetryContext context, RetryState attempts) {
		((Context) context).attempts = attempts;
	}

	@Override
	public RetryContext open(@Nullable RetryContext parent) {
		return new Context(parent, new RetryState(this.retries, this.reading, (failure, reason, delay) -> {
		}));
	}

	@Override
	public boolean canRetry(RetryContext context) {
		return attempts(context).isGoingOn();
	}

	@Override
	public void registerThrowable(RetryContext context, Throwable failure) {
		((Context) context).registerThrowable(failure);
		attempts(context).failed(failure);
	}

	@Override
	public void close(RetryContext context) {
		// nothing is held
	}

	@Override
	public BackOffContext start(RetryContext context) {
		return (Context) context;
	}

	@Override
	public void backOff(BackOffContext context) {
		((Context) context).attempts.await();
	}

	@Override
	public <T, E extends Throwable> void onSuccess(RetryContext context, RetryCallback<T, E> callback, T result) {
		attempts(context).succeeded();
	}

	private static RetryState attempts(RetryContext context) {
		return ((Context) context).attempts;
	}

	private static final class Context extends RetryContextSupport implements BackOffContext {

		private RetryState attempts;

		private Context(@Nullable RetryContext parent, RetryState attempts) {
			super(parent);
			this.attempts = attempts;
		}

	}

}
