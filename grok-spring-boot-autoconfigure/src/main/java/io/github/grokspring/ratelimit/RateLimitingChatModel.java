package io.github.grokspring.ratelimit;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.SendState;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.GrokEventListener;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} decorator that delays requests until {@link RateLimits} allow them. A
 * waiting {@code call} blocks and can be interrupted; a waiting stream holds no thread.
 * The permit is released when the call has ended in any way. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class RateLimitingChatModel extends ForwardingChatModel {

	private final String client;

	private final RateLimiter limiter;

	private final GrokEventListener listener;

	private RateLimitingChatModel(ChatModel delegate, String client, RateLimiter limiter, GrokEventListener listener) {
		super(delegate);
		this.client = client;
		this.limiter = limiter;
		this.listener = GrokEventListener.failSafe(listener);
	}

	/**
	 * Creates a decorator that applies the same limits to every client.
	 * @param limits the limits
	 * @param listener receives an event for each wait
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(RateLimits limits, GrokEventListener listener) {
		// RateLimits is sealed
		return ChatModelDecorator.of(Position.RATE_LIMIT, (client, delegate) -> limits.isActive()
				? new RateLimitingChatModel(delegate, client, (RateLimiter) limits, listener) : delegate);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		Permit permit = this.limiter.acquire(this.client, prompt);
		if (permit.isWaiting()) {
			await(permit);
		}
		permit.use();
		return CallLifecycle.call(new PermitLifecycle(permit, null), () -> {
			admit(permit);
			return super.call(prompt);
		});
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Permit permit = this.limiter.acquire(this.client, prompt);
			return permit.isWaiting() ? await(permit, prompt) : send(permit, prompt);
		});
	}

	private Flux<ChatResponse> await(Permit permit, Prompt prompt) {
		Mono<Permit> decided = Mono.create((sink) -> permit.onDecision(() -> resume(permit, sink)));
		return decided.flatMapMany((ready) -> send(ready, prompt)).doOnCancel(() -> cancel(permit));
	}

	private Flux<ChatResponse> send(Permit permit, Prompt prompt) {
		if (!permit.use() && permit.rejection() == null) {
			// Cancelled meanwhile
			return Flux.empty();
		}
		return Flux.deferContextual((view) -> {
			SendState sendState = SendState.within(view);
			return CallLifecycle.stream(new PermitLifecycle(permit, sendState), () -> {
				admit(permit);
				return super.stream(prompt).contextWrite(sendState::writeTo);
			});
		});
	}

	// Permits are granted on event loops and timers, but sending and subscribers may
	// block
	private void resume(Permit permit, MonoSink<Permit> sink) {
		try {
			StreamScheduler.scheduler().schedule(() -> sink.success(permit));
		}
		catch (RejectedExecutionException ex) {
			cancel(permit);
			sink.error(ex);
		}
	}

	private void await(Permit permit) {
		Thread caller = Thread.currentThread();
		if (Schedulers.isInNonBlockingThread()) {
			cancel(permit);
			throw GrokException.unsent("A blocking call would have to wait for a rate limit on thread '"
					+ caller.getName() + "', which must not block. Use stream(), or make the call on another thread, "
					+ "such as a virtual one.");
		}
		permit.onDecision(() -> LockSupport.unpark(caller));
		while (permit.isWaiting()) {
			if (caller.isInterrupted()) {
				cancel(permit);
				throw GrokException.unsent("Interrupted while waiting for a rate limit");
			}
			LockSupport.park(permit);
		}
	}

	private void cancel(Permit permit) {
		if (permit.cancel()) {
			publish(permit);
		}
	}

	private void admit(Permit permit) {
		publish(permit);
		RateLimitRejection rejection = permit.rejection();
		if (rejection != null) {
			throw rejection.toException();
		}
	}

	private void publish(Permit permit) {
		permit.waits().forEach(this.listener::onEvent);
	}

}
