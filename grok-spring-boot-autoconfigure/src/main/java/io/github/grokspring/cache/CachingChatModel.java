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
 * {@link ChatModel} decorator that caches responses. Equal requests are served from the
 * cache, and equal concurrent requests share one call, regardless of whether they are
 * calls or streams.
 * <p>
 * A stream is cached when it completes. A cached stream is emitted without its original
 * chunking. The response, or the last element of a stream, contains the result in {@code
 * grok.cache}: {@code hit}, {@code miss}, {@code bypass} or {@code shared}. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CachingChatModel extends ForwardingChatModel {

	private final String client;

	private final DefaultResponseCache cache;

	private CachingChatModel(String client, ChatModel delegate, DefaultResponseCache cache) {
		super(delegate);
		this.client = client;
		this.cache = cache;
	}

	/**
	 * Creates a decorator that adds the cache to every client.
	 * @param cache the cache to use
	 * @return the decorator
	 */
	public static ChatModelDecorator decorator(ResponseCache cache) {
		DefaultResponseCache defaultCache = (DefaultResponseCache) cache;
		return ChatModelDecorator.of(Position.CACHE,
				(client, delegate) -> new CachingChatModel(client, delegate, defaultCache));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		CacheRequest request = this.cache.createRequest(CallContext.current(), this.client, prompt);
		// Neither the cache nor another request may be awaited on a non-blocking thread,
		// nor may a call wait for itself
		if (request == null || Schedulers.isInNonBlockingThread() || SharedRequestReentrancy.onThisThread(request)) {
			this.cache.recordBypass(this.client, prompt);
			return DefaultResponseCache.withResult(delegate().call(prompt), DefaultResponseCache.BYPASS);
		}
		ChatResponse cached = await(this.cache.find(request));
		if (cached != null) {
			return hit(request, cached);
		}
		while (true) {
			DefaultResponseCache.Join join = this.cache.join(request);
			if (join.first()) {
				return send(request, join, prompt);
			}
			ChatResponse response = await(request, join.sharedRequest());
			if (response != null) {
				return response;
			}
		}
	}

	private ChatResponse send(CacheRequest request, DefaultResponseCache.Join join, Prompt prompt) {
		SharedRequest shared = join.sharedRequest();
		try {
			// The response may have been cached since the first lookup
			ChatResponse cached = await(this.cache.find(request));
			if (cached != null) {
				this.cache.forget(request, join);
				shared.complete(StreamElements.of(cached));
				return hit(request, cached);
			}
			this.cache.recordMiss(request);
			ChatResponse response = SharedRequestReentrancy.call(request, () -> delegate().call(prompt));
			this.cache.store(request, join, response);
			shared.complete(StreamElements.of(response));
			return DefaultResponseCache.withResult(response, DefaultResponseCache.MISS);
		}
		catch (Throwable ex) {
			this.cache.forget(request, join);
			shared.fail(Thread.currentThread().isInterrupted() ? new SharedRequest.AbandonedException() : ex);
			throw ex;
		}
		finally {
			shared.unsubscribe();
		}
	}

	private @Nullable ChatResponse await(CacheRequest request, SharedRequest shared) {
		ChatResponse response = null;
		boolean abandoned = false;
		try {
			response = StreamElements.merge(shared.await());
			return this.cache.markFree(response, DefaultResponseCache.SHARED);
		}
		catch (SharedRequest.AbandonedException ex) {
			abandoned = true;
			return null;
		}
		finally {
			if (!abandoned) {
				this.cache.recordShared(request, response);
			}
		}
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.deferContextual((view) -> {
			CacheRequest request = this.cache.createRequest(CallContext.of(view), this.client, prompt);
			if (request == null || SharedRequestReentrancy.inContext(view, request)) {
				this.cache.recordBypass(this.client, prompt);
				return delegate().stream(prompt).map((element) -> last(element, DefaultResponseCache.BYPASS));
			}
			return findCached(request).map((cached) -> StreamElements.of(hit(request, cached)))
				.flatMapMany(Flux::fromIterable)
				.switchIfEmpty(Flux.defer(() -> join(request, prompt, view)));
		});
	}

	private Flux<ChatResponse> join(CacheRequest request, Prompt prompt, ContextView view) {
		DefaultResponseCache.Join join = this.cache.join(request);
		return join.first() ? send(request, join, prompt, view) : share(request, join.sharedRequest())
			.onErrorResume(SharedRequest.AbandonedException.class, (abandoned) -> join(request, prompt, view));
	}

	private Flux<ChatResponse> send(CacheRequest request, DefaultResponseCache.Join join, Prompt prompt,
			ContextView view) {
		SharedRequest shared = join.sharedRequest();
		Flux<ChatResponse> response = Mono.defer(() -> findCached(request)).flatMapMany((cached) -> {
			shared.markFromCache();
			return Flux.fromIterable(StreamElements.of(cached));
		}).switchIfEmpty(Flux.defer(() -> {
			this.cache.recordMiss(request);
			return SharedRequestReentrancy.stream(request,
					Flux.defer(() -> delegate().stream(request.withTenant(prompt))));
		})).contextWrite(view);
		Flux<ChatResponse> elements = shared.stream((element) -> (ChatResponses.isLast(element) && shared.isFromCache())
				? hit(request, element) : last(element, DefaultResponseCache.MISS));
		return Flux.from((subscriber) -> {
			// Subscribe before connecting: the response may be available at once
			elements.subscribe(subscriber);
			shared.connect(response, (all) -> completed(request, join, all), () -> this.cache.forget(request, join));
		});
	}

	private void completed(CacheRequest request, DefaultResponseCache.Join join, List<ChatResponse> all) {
		if (join.sharedRequest().isFromCache()) {
			this.cache.forget(request, join);
		}
		else {
			this.cache.store(request, join, StreamElements.merge(all));
		}
	}

	private Flux<ChatResponse> share(CacheRequest request, SharedRequest shared) {
		AtomicReference<@Nullable ChatResponse> last = new AtomicReference<>();
		return shared.stream((element) -> {
			if (!ChatResponses.isLast(element)) {
				return element;
			}
			last.set(element);
			return this.cache.markFree(element, DefaultResponseCache.SHARED);
		})
			.doOnComplete(() -> this.cache.recordShared(request, last.get()))
			.doOnCancel(() -> this.cache.recordShared(request, null))
			.doOnError((failure) -> {
				if (!(failure instanceof SharedRequest.AbandonedException)) {
					this.cache.recordShared(request, null);
				}
			});
	}

	private ChatResponse hit(CacheRequest request, ChatResponse cached) {
		this.cache.recordHit(request, cached);
		return this.cache.markFree(cached, DefaultResponseCache.HIT);
	}

	private static ChatResponse last(ChatResponse element, String result) {
		return ChatResponses.isLast(element) ? DefaultResponseCache.withResult(element, result) : element;
	}

	// A lookup that blocks completes on our scheduler, because operators downstream may
	// block
	private Mono<ChatResponse> findCached(CacheRequest request) {
		CompletableFuture<@Nullable ChatResponse> found = this.cache.find(request);
		return found.isDone() ? Mono.justOrEmpty(found.join())
				: Mono.fromFuture(found).publishOn(StreamScheduler.scheduler());
	}

	private static @Nullable ChatResponse await(CompletableFuture<@Nullable ChatResponse> found) {
		try {
			return found.get();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw GrokException.unsent("Interrupted while waiting for the response cache");
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("The response cache must not fail", ex.getCause());
		}
	}

}
