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
 * Adapts {@link RetryState} to Spring Retry. A single object implements policy, back-off
 * and listener, so that each failure is evaluated once.
 */
@SuppressWarnings("serial")
final class SpringRetryAdapter implements RetryPolicy, BackOffPolicy, RetryListener {

	private final RetrySettings settings;

	private final Function<Throwable, @Nullable GrokApiException> translator;

	SpringRetryAdapter(RetrySettings settings, Function<Throwable, @Nullable GrokApiException> translator) {
		this.settings = settings;
		this.translator = translator;
	}

	RetryTemplate template() {
		RetryTemplate template = new RetryTemplate();
		template.setRetryPolicy(this);
		template.setBackOffPolicy(this);
		template.setListeners(new RetryListener[] { this });
		return template;
	}

	// Must be called before the first attempt fails
	static void setState(RetryContext context, RetryState state) {
		((Context) context).state = state;
	}

	@Override
	public RetryContext open(@Nullable RetryContext parent) {
		return new Context(parent, new RetryState(this.settings, this.translator, (failure, reason, delay) -> {
		}));
	}

	@Override
	public boolean canRetry(RetryContext context) {
		return state(context).hasNextAttempt();
	}

	@Override
	public void registerThrowable(RetryContext context, Throwable failure) {
		((Context) context).registerThrowable(failure);
		state(context).onError(failure);
	}

	@Override
	public void close(RetryContext context) {
	}

	@Override
	public BackOffContext start(RetryContext context) {
		return (Context) context;
	}

	@Override
	public void backOff(BackOffContext context) {
		((Context) context).state.sleep();
	}

	@Override
	public <T, E extends Throwable> void onSuccess(RetryContext context, RetryCallback<T, E> callback, T result) {
		state(context).onSuccess();
	}

	private static RetryState state(RetryContext context) {
		return ((Context) context).state;
	}

	private static final class Context extends RetryContextSupport implements BackOffContext {

		private RetryState state;

		private Context(@Nullable RetryContext parent, RetryState state) {
			super(parent);
			this.state = state;
		}

	}

}
