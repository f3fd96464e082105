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
 * The answers that are kept and those that are under way: what {@code call} and
 * {@code stream} have in common.
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

	/** Some write "for ever" as a time that no clock can show. */
	private static final Duration LONGEST = Duration.ofDays(366 * 10_000);

	private final ResponseCacheSettings terms;

	private final FailSafeResponseStore store;

	private final GrokEventListener listener;

	private final InstantSource clock;

	private final ResponseCodec json;

	private final ConcurrentMap<CacheRequest.SharedRequestKey, SharedRequest> flights = new ConcurrentHashMap<>();

	private final AtomicLong clearings = new AtomicLong();

	private final LongAdder hits = new LongAdder();

	private final LongAdder misses = new LongAdder();

	private final LongAdder shared = new LongAdder();

	private final LongAdder bypassed = new LongAdder();

	private final LongAdder savedTicks = new LongAdder();

	DefaultResponseCache(ResponseCacheSettings terms, FailSafeResponseStore store, GrokEventListener listener,
			InstantSource clock) {
		this.terms = terms;
		this.store = store;
		this.listener = GrokEventListener.failSafe(listener);
		this.clock = clock;
		this.json = new ResponseCodec(terms.costs().types());
	}

	/**
	 * What a request has to do with the cache.
	 * @param call the call
	 * @param client the client
	 * @param prompt the prompt
	 * @return the request, or {@code null} if it has nothing to do with the cache
	 */
	@Nullable CacheRequest asked(CallContext call, String client, Prompt prompt) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options) || options.getCacheMode() == CacheMode.BYPASS) {
			return null;
		}
		String tenant = this.terms.scope().tenants().apply(prompt);
		String key = CacheKey.of(client, prompt, options, this.terms.scope(), tenant);
		Duration ttl = options.getCacheTtl();
		Boolean serverTools = options.getCacheServerTools();
		return (key != null) ? new CacheRequest(call.id(), client, options, key, tenant,
				(ttl != null) ? ttl : this.terms.ttl(), (serverTools != null) ? serverTools : this.terms.serverTools())
				: null;
	}

	/**
	 * Look for an answer that was kept.
	 * @param asked the request
	 * @return the answer as it was kept, or {@code null} if there is none
	 */
	CompletableFuture<@Nullable ChatResponse> find(CacheRequest asked) {
		return asked.isReadable() ? this.store.get(asked.key()).thenApply(this::read)
				: CompletableFuture.completedFuture(null);
	}

	private @Nullable ChatResponse read(@Nullable String text) {
		ResponseCodec.Entry entry = (text != null) ? this.json.read(text) : null;
		return (entry != null && entry.expires().isAfter(this.clock.instant())) ? entry.answer() : null;
	}

	/**
	 * Wait together with those who asked the same, or ask.
	 * @param asked the request
	 * @return where to wait, and whether it is up to the caller to bring the answer there
	 */
	Join join(CacheRequest asked) {
		CacheRequest.SharedRequestKey key = asked.flight();
		while (true) {
			SharedRequest fresh = new SharedRequest((flight) -> this.flights.remove(key, flight));
			SharedRequest there = this.flights.putIfAbsent(key, fresh);
			if (there == null) {
				return new Join(fresh, true, this.clearings.get());
			}
			if (there.join()) {
				return new Join(there, false, 0);
			}
			this.flights.remove(key, there);
		}
	}

	/**
	 * Keep an answer, if it is one to be kept; those who come in the meantime share it.
	 * @param asked the request
	 * @param boarding the flight that brought the answer
	 * @param whole the answer
	 */
	void store(CacheRequest asked, Join boarding, ChatResponse whole) {
		String text = isToBeKept(asked, whole) ? this.json.write(whole, expiry(asked.ttl())) : null;
		if (text == null) {
			forget(asked, boarding);
			return;
		}
		this.store.put(asked.key(), text, asked.ttl(), () -> this.clearings.get() == boarding.clearings())
			.whenComplete((none, failure) -> forget(asked, boarding));
	}

	private Instant expiry(Duration ttl) {
		Instant now = this.clock.instant();
		return (ttl.compareTo(LONGEST) < 0) ? now.plus(ttl) : now.plus(LONGEST);
	}

	/**
	 * Whoever asks from now on asks anew.
	 */
	void forget(CacheRequest asked, Join boarding) {
		this.flights.remove(asked.flight(), boarding.flight());
	}

	private static boolean isToBeKept(CacheRequest asked, ChatResponse whole) {
		if (!asked.isStorable() || whole.getResults().size() != 1
				|| !asked.model().equals(whole.getMetadata().get(ChatResponses.REQUESTED_MODEL))
				|| whole.getMetadata().containsKey(ChatResponses.FALLBACK)) {
			return false;
		}
		Generation generation = Objects.requireNonNull(whole.getResult());
		AssistantMessage message = generation.getOutput();
		return STOP.equalsIgnoreCase(generation.getMetadata().getFinishReason())
				&& StringUtils.hasText(message.getText()) && !message.hasToolCalls() && message.getMedia().isEmpty()
				&& !isRefusal(message);
	}

	// Spring AI's client for OpenAI notes an empty refusal on every message
	private static boolean isRefusal(AssistantMessage message) {
		Object refusal = message.getMetadata().get(REFUSAL);
		return refusal != null && !"".equals(refusal);
	}

	/**
	 * An answer, or the last element of one, that cost this caller nothing.
	 * @param answer the answer as it came, or was kept
	 * @param result {@link #HIT} or {@link #SHARED}
	 * @return the answer with what it saved
	 */
	ChatResponse markFree(ChatResponse answer, String result) {
		Map<String, Object> entries = new HashMap<>(this.terms.costs().nothing());
		entries.keySet().retainAll(answer.getMetadata().keySet());
		Object cost = answer.getMetadata().get(COST);
		if (cost != null) {
			entries.put(SAVED, cost);
		}
		entries.put(ChatResponses.ATTEMPTS, 0);
		entries.put(RESULT, result);
		return ChatResponses.with(answer, entries);
	}

	/**
	 * An answer, or the last element of one, that was asked for.
	 * @param answer the answer
	 * @param result {@link #MISS} or {@link #BYPASS}
	 * @return the answer with what it was to the cache
	 */
	static ChatResponse asIs(ChatResponse answer, String result) {
		return ChatResponses.with(answer, RESULT, result);
	}

	void hit(CacheRequest asked, ChatResponse kept) {
		this.hits.increment();
		publish(asked.client(), asked.model(), HIT, saved(kept));
		recordNoCost(asked, kept);
	}

	void markMiss(CacheRequest asked) {
		this.misses.increment();
		publish(asked.client(), asked.model(), MISS, 0);
	}

	/**
	 * A request waited with another one.
	 * @param asked the request
	 * @param answer the answer, or its last element, as it came, or {@code null} if there
	 * was none
	 */
	void shared(CacheRequest asked, @Nullable ChatResponse answer) {
		this.shared.increment();
		publish(asked.client(), asked.model(), SHARED, (answer != null) ? saved(answer) : 0);
		if (answer != null) {
			recordNoCost(asked, answer);
		}
	}

	void bypassed(String client, Prompt prompt) {
		this.bypassed.increment();
		String model = (prompt.getOptions() != null) ? prompt.getOptions().getModel() : null;
		publish(client, String.valueOf(model), BYPASS, 0);
	}

	private long saved(ChatResponse answer) {
		long ticks = this.terms.costs().ticks(answer);
		this.savedTicks.add(ticks);
		return ticks;
	}

	private void recordNoCost(CacheRequest asked, ChatResponse answer) {
		String answering = answer.getMetadata().getModel();
		this.listener.onEvent(new CostRecorded(asked.client(), asked.model(),
				StringUtils.hasText(answering) ? answering : asked.model(), 0, 0, 0, 0, 0, Map.of(), 0, 0, 0, "none",
				false, asked.tenant(), this.clock.instant(), asked.callId(), 0, null,
				this.terms.conversations().apply(asked.options())));
	}

	private void publish(String client, String model, String result, long savedTicks) {
		this.listener.onEvent(new ResponseCacheAccessed(client, model, result, savedTicks));
	}

	/**
	 * How many callers wait for requests that are under way.
	 */
	int waiting() {
		return this.flights.values().stream().mapToInt(SharedRequest::subscribers).sum();
	}

	/**
	 * How many requests are under way, or have an answer that is about to be kept.
	 */
	int underWay() {
		return this.flights.size();
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
	 * A place to wait.
	 *
	 * @param flight the request that is waited for
	 * @param first whether it is up to the caller to bring the answer
	 * @param clearings how often the cache was cleared before
	 */
	record Join(SharedRequest flight, boolean first, long clearings) {

	}

}
