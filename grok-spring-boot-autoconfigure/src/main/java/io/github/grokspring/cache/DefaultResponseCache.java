package io.github.grokspring.cache;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.CallContext;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.event.ResponseCacheAccessed;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.util.StringUtils;

/**
 * Default {@link ResponseCache}, with the operations that calls and streams have in
 * common.
 */
final class DefaultResponseCache implements ResponseCache {

	static final String HIT = "hit";

	static final String MISS = "miss";

	static final String BYPASS = "bypass";

	static final String SHARED = "shared";

	private static final String RESULT = "grok.cache";

	private static final String COST = "grok.cost";

	private static final String SAVED = "grok.saved";

	private static final String STOP = "STOP";

	private static final String REFUSAL = "refusal";

	/**
	 * Larger values, such as {@code Duration.ofSeconds(Long.MAX_VALUE)}, overflow an
	 * {@code Instant}.
	 */
	private static final Duration MAX_TTL = Duration.ofDays(366 * 10_000);

	private final ResponseCacheSettings settings;

	private final FailSafeResponseStore store;

	private final GrokEventListener listener;

	private final InstantSource clock;

	private final ResponseCodec codec;

	private final ConcurrentMap<CacheRequest.SharedRequestKey, SharedRequest> sharedRequests = new ConcurrentHashMap<>();

	private final AtomicLong clearings = new AtomicLong();

	private final LongAdder hits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder shared = new LongAdder();

	private final LongAdder bypassed = new LongAdder();

	private final LongAdder savedTicks = new LongAdder();

	DefaultResponseCache(ResponseCacheSettings settings, FailSafeResponseStore store, GrokEventListener listener,
			InstantSource clock) {
		this.settings = settings;
		this.store = store;
		this.listener = GrokEventListener.failSafe(listener);
		this.clock = clock;
		this.codec = new ResponseCodec(settings.costs().metadataTypes());
	}

	/**
	 * Creates the request to look up.
	 * @return the request, or {@code null} if it bypasses the cache
	 */
	@Nullable CacheRequest createRequest(CallContext call, String client, Prompt prompt) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options) || options.getCacheMode() == CacheMode.BYPASS) {
			return null;
		}
		String tenant = this.settings.scope().tenants().apply(prompt);
		String key = CacheKey.of(client, prompt, options, this.settings.scope(), tenant);
		Duration ttl = options.getCacheTtl();
		Boolean serverTools = options.getCacheServerTools();
		return (key != null)
				? new CacheRequest(call.id(), client, options, key, tenant, (ttl != null) ? ttl : this.settings.ttl(),
						(serverTools != null) ? serverTools : this.settings.serverTools())
				: null;
	}

	CompletableFuture<@Nullable ChatResponse> find(CacheRequest request) {
		return request.isReadable() ? this.store.get(request.key()).thenApply(this::read)
				: CompletableFuture.completedFuture(null);
	}

	private @Nullable ChatResponse read(@Nullable String text) {
		ResponseCodec.Entry entry = (text != null) ? this.codec.read(text) : null;
		return (entry != null && entry.expires().isAfter(this.clock.instant())) ? entry.response() : null;
	}

	/**
	 * Joins the shared request of an equal request, or starts one.
	 * @return the shared request, and whether the caller has to send it
	 */
	Join join(CacheRequest request) {
		CacheRequest.SharedRequestKey key = request.sharedRequestKey();
		while (true) {
			SharedRequest created = new SharedRequest((empty) -> this.sharedRequests.remove(key, empty));
			SharedRequest existing = this.sharedRequests.putIfAbsent(key, created);
			if (existing == null) {
				return new Join(created, true, this.clearings.get());
			}
			if (existing.join()) {
				return new Join(existing, false, 0);
			}
			this.sharedRequests.remove(key, existing);
		}
	}

	/**
	 * Caches a response if possible. Equal requests keep sharing the response until it is
	 * stored.
	 */
	void store(CacheRequest request, Join join, ChatResponse response) {
		String text = isCacheable(request, response) ? this.codec.write(response, expiry(request.ttl())) : null;
		if (text == null) {
			forget(request, join);
			return;
		}
		this.store.put(request.key(), text, request.ttl(), () -> this.clearings.get() == join.clearings())
			.whenComplete((none, failure) -> forget(request, join));
	}

	private Instant expiry(Duration ttl) {
		Instant now = this.clock.instant();
		return (ttl.compareTo(MAX_TTL) < 0) ? now.plus(ttl) : now.plus(MAX_TTL);
	}

	/**
	 * Removes a shared request, so that it can no longer be joined.
	 */
	void forget(CacheRequest request, Join join) {
		this.sharedRequests.remove(request.sharedRequestKey(), join.sharedRequest());
	}

	private static boolean isCacheable(CacheRequest request, ChatResponse response) {
		if (!request.isStorable() || response.getResults().size() != 1
				|| !request.model().equals(response.getMetadata().get(ChatResponses.REQUESTED_MODEL))
				|| response.getMetadata().containsKey(ChatResponses.FALLBACK)) {
			return false;
		}
		Generation generation = Objects.requireNonNull(response.getResult());
		AssistantMessage message = generation.getOutput();
		return STOP.equalsIgnoreCase(generation.getMetadata().getFinishReason())
				&& StringUtils.hasText(message.getText()) && !message.hasToolCalls() && message.getMedia().isEmpty()
				&& !isRefusal(message);
	}

	// Spring AI's OpenAI client adds an empty refusal to every message
	private static boolean isRefusal(AssistantMessage message) {
		Object refusal = message.getMetadata().get(REFUSAL);
		return refusal != null && !"".equals(refusal);
	}

	/**
	 * Marks a response, or the last element of a stream, as free of charge.
	 */
	ChatResponse markFree(ChatResponse response, String result) {
		Map<String, Object> entries = new HashMap<>(this.settings.costs().zeroCostMetadata());
		entries.keySet().retainAll(response.getMetadata().keySet());
		Object cost = response.getMetadata().get(COST);
		if (cost != null) {
			entries.put(SAVED, cost);
		}
		entries.put(ChatResponses.ATTEMPTS, 0);
		entries.put(RESULT, result);
		return ChatResponses.with(response, entries);
	}

	/**
	 * Adds the cache result to a response, or to the last element of a stream.
	 */
	static ChatResponse withResult(ChatResponse response, String result) {
		return ChatResponses.with(response, RESULT, result);
	}

	void recordHit(CacheRequest request, ChatResponse cached) {
		this.hits.increment();
		publish(request.client(), request.model(), HIT, recordSavedCost(cached));
		publishZeroCost(request, cached);
	}

	void recordMiss(CacheRequest request) {
		this.misses.increment();
		publish(request.client(), request.model(), MISS, 0);
	}

	/**
	 * Records a request that shared the response of another one.
	 * @param response the response or its last element, {@code null} if there was none
	 */
	void recordShared(CacheRequest request, @Nullable ChatResponse response) {
		this.shared.increment();
		publish(request.client(), request.model(), SHARED, (response != null) ? recordSavedCost(response) : 0);
		if (response != null) {
			publishZeroCost(request, response);
		}
	}

	void recordBypass(String client, Prompt prompt) {
		this.bypassed.increment();
		String model = (prompt.getOptions() != null) ? prompt.getOptions().getModel() : null;
		publish(client, String.valueOf(model), BYPASS, 0);
	}

	private long recordSavedCost(ChatResponse response) {
		long ticks = this.settings.costs().ticks(response);
		this.savedTicks.add(ticks);
		return ticks;
	}

	private void publishZeroCost(CacheRequest request, ChatResponse response) {
		String servingModel = response.getMetadata().getModel();
		this.listener.onEvent(new CostRecorded(request.client(), request.model(),
				StringUtils.hasText(servingModel) ? servingModel : request.model(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0,
				"none", false, request.tenant(), this.clock.instant(), request.callId(), 0, null,
				this.settings.conversations().apply(request.options())));
	}

	private void publish(String client, String model, String result, long savedTicks) {
		this.listener.onEvent(new ResponseCacheAccessed(client, model, result, savedTicks));
	}

	int waitingCount() {
		return this.sharedRequests.values().stream().mapToInt(SharedRequest::subscribers).sum();
	}

	/**
	 * Returns the number of shared requests that are in progress or being stored.
	 */
	int sharedRequestCount() {
		return this.sharedRequests.size();
	}

	@Override
	public CacheStatistics statistics() {
		return new CacheStatistics(this.hits.sum(), this.misses.sum(), this.shared.sum(), this.bypassed.sum(),
				this.savedTicks.sum());
	}

	@Override
	public void clear() {
		this.clearings.incrementAndGet();
		this.store.clear();
	}

	@Override
	public void close() {
		this.store.close();
	}

	/**
	 * A joined shared request.
	 *
	 * @param first whether the caller has to send the request
	 * @param clearings how often the cache had been cleared when the request started
	 */
	record Join(SharedRequest sharedRequest, boolean first, long clearings) {

	}

}
