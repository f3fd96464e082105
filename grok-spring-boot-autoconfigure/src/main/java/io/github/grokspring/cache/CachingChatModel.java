package io.github.grokspring.cache;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.util.context.ContextView;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * A {@link ChatModel} that answers again without asking again. Requests that are equal in
 * everything that shapes an answer get the answer that was kept, and those that come at
 * the same time share one request, calls and streams alike.
 * <p>
 * A stream is kept when it has come to its end, and comes from the cache in one piece. An
 * answer, or the last element of a stream, says in {@code grok.cache} how it came about:
 * {@code hit}, {@code miss}, {@code bypass} or {@code shared}. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class CachingChatModel extends ForwardingChatModel {

	private final String client;

	private final DefaultResponseCache answers;

	private CachingChatModel(String client, ChatModel delegate, DefaultResponseCache answers) {
		super(delegate);
		this.client = client;
		this.answers = answers;
	}

	/**
	 * A decorator that puts every client above the same cache.
	 * @param cache the cache
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(ResponseCache cache) {
		// There is no other kind, as the interface is sealed.
		DefaultResponseCache answers = (DefaultResponseCache) cache;
		return ChatModelDecorator.of(Position.CACHE,
				(client, delegate) -> new CachingChatModel(client, delegate, answers));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		CacheRequest asked = this.answers.asked(CallContext.current(), this.client, prompt);
		// Where nothing may wait, neither for a cache nor for others, the transport says
		// so. Nobody can wait for itself.
		if (asked == null || Schedulers.isInNonBlockingThread() || SharedRequestReentrancy.onThisThread(asked)) {
			this.answers.bypassed(this.client, prompt);
			return DefaultResponseCache.asIs(delegate().call(prompt), DefaultResponseCache.BYPASS);
		}
		ChatResponse kept = await(this.answers.find(asked));
		if (kept != null) {
			return hit(asked, kept);
		}
		while (true) {
			DefaultResponseCache.Join boarding = this.answers.join(asked);
			if (boarding.first()) {
				return ask(asked, boarding, prompt);
			}
			ChatResponse answer = await(asked, boarding.flight());
			if (answer != null) {
				return answer;
			}
		}
	}

	private ChatResponse ask(CacheRequest asked, DefaultResponseCache.Join boarding, Prompt prompt) {
		SharedRequest flight = boarding.flight();
		try {
			// Somebody may have kept it while this call was on its way here.
			ChatResponse kept = await(this.answers.find(asked));
			if (kept != null) {
				this.answers.forget(asked, boarding);
				flight.complete(StreamElements.of(kept));
				return hit(asked, kept);
			}
			this.answers.markMiss(asked);
			ChatResponse answer = SharedRequestReentrancy.calling(asked, () -> delegate().call(prompt));
			this.answers.store(asked, boarding, answer);
			flight.complete(StreamElements.of(answer));
			return DefaultResponseCache.asIs(answer, DefaultResponseCache.MISS);
		}
		catch (Throwable ex) {
			this.answers.forget(asked, boarding);
			flight.fail(Thread.currentThread().isInterrupted() ? new SharedRequest.AbandonedException() : ex);
			throw ex;
		}
		finally {
			flight.leave();
		}
	}

	private @Nullable ChatResponse await(CacheRequest asked, SharedRequest flight) {
		ChatResponse answer = null;
		boolean abandoned = false;
		try {
			answer = StreamElements.whole(flight.await());
			return this.answers.markFree(answer, DefaultResponseCache.SHARED);
		}
		catch (SharedRequest.AbandonedException ex) {
			abandoned = true;
			return null;
		}
		finally {
			if (!abandoned) {
				this.answers.shared(asked, answer);
			}
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			CacheRequest asked = this.answers.asked(CallContext.of(view), this.client, prompt);
			if (asked == null || SharedRequestReentrancy.in(view, asked)) {
				this.answers.bypassed(this.client, prompt);
				return delegate().stream(prompt).map((element) -> last(element, DefaultResponseCache.BYPASS));
			}
			return found(asked).map((kept) -> StreamElements.of(hit(asked, kept)))
				.flatMapMany(Flux::fromIterable)
				.switchIfEmpty(Flux.defer(() -> join(asked, prompt, view)));
		});
	}

	private Flux<ChatResponse> join(CacheRequest asked, Prompt prompt, ContextView view) {
		DefaultResponseCache.Join boarding = this.answers.join(asked);
		return boarding.first() ? ask(asked, boarding, prompt, view) : share(asked, boarding.flight())
			.onErrorResume(SharedRequest.AbandonedException.class, (abandoned) -> join(asked, prompt, view));
	}

	private Flux<ChatResponse> ask(CacheRequest asked, DefaultResponseCache.Join boarding, Prompt prompt,
			ContextView view) {
		SharedRequest flight = boarding.flight();
		Flux<ChatResponse> answer = Mono.defer(() -> found(asked)).flatMapMany((kept) -> {
			flight.fromCache();
			return Flux.fromIterable(StreamElements.of(kept));
		}).switchIfEmpty(Flux.defer(() -> {
			this.answers.markMiss(asked);
			return SharedRequestReentrancy.streaming(asked,
					Flux.defer(() -> delegate().stream(asked.withTenant(prompt))));
		})).contextWrite(view);
		Flux<ChatResponse> elements = flight
			.stream((element) -> (ChatResponses.isLast(element) && flight.isOfWhatWasKept()) ? hit(asked, element)
					: last(element, DefaultResponseCache.MISS));
		return Flux.from((subscriber) -> {
			// First who waits, because the answer may come at once
			elements.subscribe(subscriber);
			flight.connect(answer, (all) -> completed(asked, boarding, all),
					() -> this.answers.forget(asked, boarding));
		});
	}

	private void completed(CacheRequest asked, DefaultResponseCache.Join boarding, List<ChatResponse> all) {
		if (boarding.flight().isOfWhatWasKept()) {
			this.answers.forget(asked, boarding);
		}
		else {
			this.answers.store(asked, boarding, StreamElements.whole(all));
		}
	}

	private Flux<ChatResponse> share(CacheRequest asked, SharedRequest flight) {
		AtomicReference<@Nullable ChatResponse> last = new AtomicReference<>();
		return flight.stream((element) -> {
			if (!ChatResponses.isLast(element)) {
				return element;
			}
			last.set(element);
			return this.answers.markFree(element, DefaultResponseCache.SHARED);
		})
			.doOnComplete(() -> this.answers.shared(asked, last.get()))
			.doOnCancel(() -> this.answers.shared(asked, null))
			.doOnError((failure) -> {
				if (!(failure instanceof SharedRequest.AbandonedException)) {
					this.answers.shared(asked, null);
				}
			});
	}

	private ChatResponse hit(CacheRequest asked, ChatResponse kept) {
		this.answers.hit(asked, kept);
		return this.answers.markFree(kept, DefaultResponseCache.HIT);
	}

	private static ChatResponse last(ChatResponse element, String result) {
		return ChatResponses.isLast(element) ? DefaultResponseCache.asIs(element, result) : element;
	}

	/**
	 * What is at hand comes at once. What has to be fetched comes on a thread of ours,
	 * because what follows may block.
	 */
	private Mono<ChatResponse> found(CacheRequest asked) {
		CompletableFuture<@Nullable ChatResponse> found = this.answers.find(asked);
		return found.isDone() ? Mono.justOrEmpty(found.join())
				: Mono.fromFuture(found).publishOn(StreamScheduler.scheduler());
	}

	private static @Nullable ChatResponse await(CompletableFuture<@Nullable ChatResponse> found) {
		try {
			return found.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw GrokException.unsent("Interrupted while waiting for the cache of responses");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A cache that fails has no answer", ex.getCause());
		}
	}

}
