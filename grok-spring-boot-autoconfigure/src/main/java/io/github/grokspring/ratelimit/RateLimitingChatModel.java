package io.github.grokspring.ratelimit;

import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.locks.LockSupport;

import io.github.grokspring.chain.CallLifecycle;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ForwardingChatModel;
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
 * A {@link ChatModel} that sends a request when {@link RateLimits} leave room for it.
 * Until then {@code call} blocks, and may be interrupted, while a stream waits without a
 * thread. A place among the requests under way is held until the answer has ended in any
 * way. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class RateLimitingChatModel extends ForwardingChatModel {

	private final String client;

	private final RateLimiter limits;

	private final GrokEventListener listener;

	private RateLimitingChatModel(ChatModel delegate, String client, RateLimiter limits, GrokEventListener listener) {
		super(delegate);
		this.client = client;
		this.limits = limits;
		this.listener = GrokEventListener.failSafe(listener);
	}

	/**
	 * A decorator that puts every client below the same limits.
	 * @param limits the limits
	 * @param listener is told how long requests waited
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(RateLimits limits, GrokEventListener listener) {
		return new RateLimitDecorator(limits, listener);
	}

	static RateLimitingChatModel create(ChatModel delegate, String client, RateLimits limits,
			GrokEventListener listener) {
		// There is no other kind, as the interface is sealed.
		return new RateLimitingChatModel(delegate, client, (RateLimiter) limits, listener);
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		Permit permit = this.limits.acquire(this.client, prompt);
		if (permit.isWaiting()) {
			await(permit);
		}
		permit.use();
		return CallLifecycle.call(new PermitHolder(permit, null), () -> {
			admit(permit);
			return super.call(prompt);
		});
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			Permit permit = this.limits.acquire(this.client, prompt);
			return permit.isWaiting() ? await(permit, prompt) : send(permit, prompt);
		});
	}

	private Flux<ChatResponse> await(Permit permit, Prompt prompt) {
		Mono<Permit> decided = Mono.create((sink) -> permit.onDecision(() -> handOver(permit, sink)));
		return decided.flatMapMany((same) -> send(same, prompt)).doOnCancel(() -> cancel(permit));
	}

	private Flux<ChatResponse> send(Permit permit, Prompt prompt) {
		if (!permit.use() && permit.refusal() == null) {
			// Cancelled on its way here
			return Flux.empty();
		}
		return Flux.deferContextual((view) -> {
			SendState sendState = SendState.within(view);
			return CallLifecycle.stream(new PermitHolder(permit, sendState), () -> {
				admit(permit);
				return super.stream(prompt).contextWrite(sendState::writeTo);
			});
		});
	}

	/**
	 * Whoever makes room may be an event loop or a timer, but what is sent, and what a
	 * subscriber does about a refusal, may block.
	 */
	private void handOver(Permit permit, MonoSink<Permit> sink) {
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
			throw GrokException.unsent("A blocking call to xAI has to wait for a rate limit on the thread '"
					+ caller.getName() + "', which must not block. Use stream() there, or move the call to a thread "
					+ "that nobody else needs while it waits, such as a virtual one.");
		}
		permit.onDecision(() -> LockSupport.unpark(caller));
		while (permit.isWaiting()) {
			if (caller.isInterrupted()) {
				cancel(permit);
				throw GrokException.unsent("Interrupted while waiting for a rate limit of this application");
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
		RateLimitRejection refusal = permit.refusal();
		if (refusal != null) {
			throw refusal.toException();
		}
	}

	private void publish(Permit permit) {
		permit.waits().forEach(this.listener::onEvent);
	}

}
