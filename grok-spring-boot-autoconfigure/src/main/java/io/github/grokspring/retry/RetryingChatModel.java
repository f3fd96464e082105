package io.github.grokspring.retry;

import java.time.Duration;
import java.util.Objects;

import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFailed;
import io.github.grokspring.event.GrokEventListener;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.util.retry.Retry;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.retry.support.RetryTemplate;

/**
 * {@link ChatModel} decorator that retries failed calls. It is the only stage that does.
 * <p>
 * A stream is retried only while its subscriber has received no part of the response: no
 * text, no reasoning and no tool call. Only {@link GrokApiException} is retried. Each
 * failed attempt, including the last, is published as {@link AttemptFailed}. When retries
 * are exhausted, the call fails with the last failure, which has the number of attempts
 * and the earlier failures as suppressed exceptions. A response after a retry has the
 * number of attempts as {@code grok.attempts}.
 * <p>
 * If the thread is interrupted while it waits, the call fails with a
 * {@link io.github.grokspring.error.GrokException} and preserves the interrupt status. A
 * waiting stream holds no thread. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RetryingChatModel extends ForwardingChatModel {

	private final String client;

	private final RetrySettings settings;

	private final GrokEventListener listener;

	private final RetryTemplate template;

	RetryingChatModel(String client, ChatModel delegate, RetrySettings settings, GrokEventListener listener) {
		super(delegate);
		this.client = client;
		this.settings = settings;
		this.listener = GrokEventListener.failSafe(listener);
		this.template = new SpringRetryAdapter(settings, RetryingChatModel::translate).template();
	}

	/**
	 * Creates a decorator that retries the calls of every client.
	 * @param settings the settings; clients share their budget
	 * @param listener receives an event for each failed attempt
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(RetrySettings settings, GrokEventListener listener) {
		Objects.requireNonNull(settings, "'settings' must not be null");
		Objects.requireNonNull(listener, "'listener' must not be null");
		return ChatModelDecorator.of(Position.RETRY,
				(client, delegate) -> new RetryingChatModel(client, delegate, settings, listener));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		CallContext call = CallContext.current();
		RetryState state = state(prompt, call);
		try {
			return this.template.execute((context) -> {
				SpringRetryAdapter.setState(context, state);
				call.attempt();
				return withAttempts(delegate().call(prompt), state);
			});
		}
		catch (Throwable ex) {
			if (state.toFailure(ex) instanceof GrokApiException counted) {
				throw counted;
			}
			throw ex;
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		// retryWhen is not notified if a subscriber throws
		return CallLifecycle.guard(() -> Flux.deferContextual((view) -> {
			CallContext call = CallContext.of(view);
			RetryState state = state(prompt, call);
			return Flux.defer(() -> {
				call.attempt();
				return delegate().stream(prompt);
			})
				.map((element) -> onElement(element, state))
				.doOnComplete(state::onSuccess)
				.retryWhen(
						Retry.from((signals) -> signals.concatMap((signal) -> nextAttempt(signal.failure(), state))));
		}));
	}

	private RetryState state(Prompt prompt, CallContext call) {
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		return new RetryState(this.settings, RetryingChatModel::translate,
				(failure, reason, delay) -> publish((model != null) ? model : "unknown", call, failure, reason, delay));
	}

	private void publish(String model, CallContext call, GrokApiException failure, String reason,
			@Nullable Duration delay) {
		AttemptContext attempt = call.lastAttempt();
		attempt.fail(failure);
		this.listener.onEvent(new AttemptFailed(this.client, model, attempt.number(), reason, delay, failure.isSent(),
				attempt.callId(), attempt.requestId(), attempt.conversationId()));
	}

	private static @Nullable GrokApiException translate(Throwable failure) {
		return (failure instanceof GrokApiException apiFailure) ? apiFailure : null;
	}

	private Mono<Boolean> nextAttempt(Throwable failure, RetryState state) {
		Duration delay = state.onError(failure);
		if (delay == null) {
			return Mono.error(state.toFailure(failure));
		}
		Mono<Boolean> next = Mono.just(Boolean.TRUE);
		// Like a delay, this leaves the event loop, as the next attempt may block
		return delay.isZero() ? next.subscribeOn(StreamScheduler.scheduler())
				: this.settings.sleeper().delay(delay).then(next);
	}

	private static ChatResponse onElement(ChatResponse element, RetryState state) {
		if (state.attempt() == 1 && state.isResponseStarted()) {
			return element;
		}
		boolean last = ChatResponses.isLast(element);
		if (last || ChatResponses.hasContent(element)) {
			state.markResponseStarted();
		}
		return last ? withAttempts(element, state) : element;
	}

	// The transport has already set a single attempt
	private static ChatResponse withAttempts(ChatResponse response, RetryState state) {
		return (state.attempt() > 1) ? ChatResponses.with(response, ChatResponses.ATTEMPTS, state.attempt()) : response;
	}

	@Override
	public String toString() {
		return "RetryingChatModel[" + this.client + "]";
	}

}
