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
 * Sends a prompt again when that may help. It is the only one in the chain who does.
 * <p>
 * A stream is begun anew only as long as its subscriber has seen nothing of the answer:
 * no text, no reasoning, no tool call. Only {@link GrokApiException}s are looked at; any
 * other failure passes as it is. Every attempt that failed is told as
 * {@link AttemptFailed}, the last one too. A call that is given up after several attempts
 * fails with the last failure, which knows their number and holds the earlier ones as
 * suppressed. An answer that took several carries their number as {@code grok.attempts}.
 * <p>
 * A thread that is interrupted while it waits gets a
 * {@link io.github.grokspring.error.GrokException} at once and stays interrupted. A
 * stream that is cancelled while it waits sends nothing more; it holds no thread
 * meanwhile. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RetryingChatModel extends ForwardingChatModel {

	private final String client;

	private final RetrySettings retries;

	private final GrokEventListener events;

	private final RetryTemplate template;

	RetryingChatModel(String client, ChatModel delegate, RetrySettings retries, GrokEventListener events) {
		super(delegate);
		this.client = client;
		this.retries = retries;
		this.events = GrokEventListener.failSafe(events);
		this.template = new SpringRetryAdapter(retries, RetryingChatModel::read).template();
	}

	/**
	 * A decorator that lets calls be retried.
	 * @param retries what decides; its budget is shared by all clients
	 * @param events is told of attempts that failed
	 * @return the decorator, at {@link Position#RETRY}
	 */
	public static ChatModelDecorator decorator(RetrySettings retries, GrokEventListener events) {
		return new RetryDecorator(Objects.requireNonNull(retries, "'retries' must not be null"),
				Objects.requireNonNull(events, "'events' must not be null"));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		CallContext call = CallContext.current();
		RetryState attempts = attempts(prompt, call);
		try {
			return this.template.execute((context) -> {
				SpringRetryAdapter.begin(context, attempts);
				call.attempt();
				return numbered(delegate().call(prompt), attempts);
			});
		}
		catch (Throwable ex) {
			if (attempts.outcome(ex) instanceof GrokApiException counted) {
				throw counted;
			}
			throw ex;
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		// Guarded, because retryWhen has no signal left once a subscriber has thrown
		return CallLifecycle.guard(() -> Flux.deferContextual((view) -> {
			CallContext call = CallContext.of(view);
			RetryState attempts = attempts(prompt, call);
			return Flux.defer(() -> {
				call.attempt();
				return delegate().stream(prompt);
			})
				.map((element) -> passing(element, attempts))
				.doOnComplete(attempts::succeeded)
				.retryWhen(Retry
					.from((signals) -> signals.concatMap((signal) -> nextAttempt(signal.failure(), attempts))));
		}));
	}

	private RetryState attempts(Prompt prompt, CallContext call) {
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		return new RetryState(this.retries, RetryingChatModel::read,
				(failure, reason, delay) -> failed((model != null) ? model : "unknown", call, failure, reason, delay));
	}

	private void failed(String model, CallContext call, GrokApiException failure, String reason,
			@Nullable Duration delay) {
		AttemptContext attempt = call.lastAttempt();
		attempt.fail(failure);
		this.events.onEvent(new AttemptFailed(this.client, model, attempt.number(), reason, delay, failure.isSent(),
				attempt.callId(), attempt.requestId(), attempt.conversationId()));
	}

	private static @Nullable GrokApiException read(Throwable failure) {
		return (failure instanceof GrokApiException ours) ? ours : null;
	}

	private Mono<Boolean> nextAttempt(Throwable failure, RetryState attempts) {
		Duration delay = attempts.failed(failure);
		if (delay == null) {
			return Mono.error(attempts.outcome(failure));
		}
		Mono<Boolean> next = Mono.just(Boolean.TRUE);
		// As after a wait, the next attempt begins where blocking is allowed
		return delay.isZero() ? next.subscribeOn(StreamScheduler.scheduler())
				: this.retries.sleeper().delay(delay).then(next);
	}

	private static ChatResponse passing(ChatResponse element, RetryState attempts) {
		if (attempts.number() == 1 && attempts.isAnswering()) {
			return element;
		}
		boolean last = ChatResponses.isLast(element);
		if (last || ChatResponses.hasContent(element)) {
			attempts.answering();
		}
		return last ? numbered(element, attempts) : element;
	}

	// The transport notes one attempt, so that nothing is copied when there was only one.
	private static ChatResponse numbered(ChatResponse answer, RetryState attempts) {
		return (attempts.number() > 1) ? ChatResponses.with(answer, ChatResponses.ATTEMPTS, attempts.number()) : answer;
	}

	@Override
	public String toString() {
		return "RetryingChatModel[" + this.client + "]";
	}

}
