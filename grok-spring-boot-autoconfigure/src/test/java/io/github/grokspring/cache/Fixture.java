package io.github.grokspring.cache;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.ResponseCacheAccessed;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * A client with a cache and a configurable transport.
 */
final class Fixture {

	static final long COST = 25;

	final Map<String, String> kept = new ConcurrentHashMap<>();

	final List<Duration> ttls = new CopyOnWriteArrayList<>();

	final List<ResponseCacheAccessed> events = new CopyOnWriteArrayList<>();

	final List<CostRecorded> costs = new CopyOnWriteArrayList<>();

	final Transport transport = new Transport();

	final AtomicLong nanoTime = new AtomicLong();

	Instant now = Instant.parse("2026-04-01T12:00:00Z");

	Runnable beforePut = () -> {
	};

	final DefaultResponseCache cache;

	final GrokChatModel model;

	Fixture() {
		this(null);
	}

	/**
	 * Creates a client whose tenants share responses.
	 */
	static Fixture forAllTenants() {
		return new Fixture(null, false);
	}

	Fixture(@Nullable ResponseStore store) {
		this(store, true);
	}

	private Fixture(@Nullable ResponseStore store, boolean perTenant) {
		CacheScope scope = new CacheScope("https://api.x.ai/v1", "", false, perTenant, Fixture::tenant);
		ResponseCacheSettings settings = new ResponseCacheSettings(Duration.ofHours(1), false, Duration.ofMillis(200),
				scope, new TestCosts(), GrokChatOptions::getConversationId);
		ResponseStore used = (store != null) ? store : new MapStore();
		this.cache = new DefaultResponseCache(settings,
				new FailSafeResponseStore(used, settings.timeout(), this.nanoTime::get), this::onEvent, () -> this.now);
		this.model = GrokChatModel.builder("test", this.transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(CachingChatModel.decorator(this.cache)))
			.build();
	}

	private void onEvent(GrokEvent event) {
		if (event instanceof CostRecorded cost) {
			this.costs.add(cost);
		}
		else {
			this.events.add((ResponseCacheAccessed) event);
		}
	}

	private static @Nullable String tenant(Prompt prompt) {
		Map<String, Object> context = ((GrokChatOptions) prompt.getOptions()).getToolContext();
		return (context != null) ? (String) context.get("tenant") : null;
	}

	/**
	 * Sends the standard request and waits until the response is cached.
	 */
	ChatResponse call() {
		ChatResponse response = this.model.call(new Prompt("2 + 2?"));
		Awaitility.await().until(() -> this.cache.waitingCount() == 0 && this.cache.sharedRequestCount() == 0);
		return response;
	}

	List<String> results() {
		return this.events.stream().map(ResponseCacheAccessed::result).toList();
	}

	static ChatResponse response(String text) {
		return response(AssistantMessage.builder().content(text).build(), "STOP");
	}

	static ChatResponse response(AssistantMessage message, @Nullable String finishReason) {
		return response(message, finishReason, "grok-4.3");
	}

	static ChatResponse response(AssistantMessage message, @Nullable String finishReason, String requestedModel) {
		return new ChatResponse(
				List.of(new Generation(message, ChatGenerationMetadata.builder().finishReason(finishReason).build())),
				ChatResponseMetadata.builder()
					.id("id")
					.model("grok-4.3")
					.usage(new DefaultUsage(10, 5))
					.keyValue("grok.requested-model", requestedModel)
					.keyValue("grok.attempts", 1)
					.keyValue("grok.cost", COST)
					.build());
	}

	static ChatResponse element(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)),
				ChatResponseMetadata.builder().id("id").model("grok-4.3").build());
	}

	static List<ChatResponse> elements(String... texts) {
		List<ChatResponse> elements = new ArrayList<>();
		for (String text : texts) {
			elements.add(element(text));
		}
		elements.add(response(""));
		return elements;
	}

	/**
	 * The model below the cache.
	 */
	static final class Transport implements ChatModel {

		final List<Prompt> prompts = new CopyOnWriteArrayList<>();

		volatile Function<Prompt, ChatResponse> calls = (prompt) -> response("Four.");

		volatile Function<Prompt, Flux<ChatResponse>> streams = (prompt) -> Flux.fromIterable(elements("Fo", "ur."));

		@Override
		public ChatResponse call(Prompt prompt) {
			this.prompts.add(prompt);
			return this.calls.apply(prompt);
		}

		@Override
		public Flux<ChatResponse> stream(Prompt prompt) {
			return Flux.defer(() -> {
				this.prompts.add(prompt);
				return this.streams.apply(prompt);
			});
		}

		/**
		 * Returns the same response for calls and streams.
		 */
		void respondWith(ChatResponse response) {
			this.calls = (prompt) -> response;
			this.streams = (prompt) -> Flux.fromIterable(StreamElements.of(response));
		}

		void failWith(RuntimeException failure) {
			this.calls = (prompt) -> {
				throw failure;
			};
			this.streams = (prompt) -> Flux.error(failure);
		}

	}

	/**
	 * A store that tests can inspect.
	 */
	private final class MapStore implements ResponseStore {

		@Override
		public @Nullable String get(String key) {
			return Fixture.this.kept.get(key);
		}

		@Override
		public void put(String key, String text, Duration ttl) {
			Fixture.this.beforePut.run();
			Fixture.this.ttls.add(ttl);
			Fixture.this.kept.put(key, text);
		}

		@Override
		public void clear() {
			Fixture.this.kept.clear();
		}

		@Override
		public boolean mayBlock() {
			return false;
		}

	}

	/**
	 * Costs as plain numbers.
	 */
	private static final class TestCosts implements ResponseCosts {

		@Override
		public long ticks(ChatResponse response) {
			return (response.getMetadata().get("grok.cost") instanceof Long ticks) ? ticks : 0;
		}

		@Override
		public Map<String, Object> zeroCostMetadata() {
			return Map.of("grok.cost", 0L);
		}

		@Override
		public List<MetadataType<?>> metadataTypes() {
			return List.of();
		}

	}

}
