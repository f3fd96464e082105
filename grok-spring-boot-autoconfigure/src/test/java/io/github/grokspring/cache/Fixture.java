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
 * A client with a cache, over a transport that a test writes.
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

	final DefaultResponseCache answers;

	final GrokChatModel model;

	Fixture() {
		this(null);
	}

	/**
	 * A client whose tenants share what is kept.
	 */
	static Fixture forAllTenants() {
		return new Fixture(null, false);
	}

	Fixture(@Nullable ResponseStore store) {
		this(store, true);
	}

	private Fixture(@Nullable ResponseStore store, boolean perTenant) {
		CacheScope scope = new CacheScope("https://api.x.ai/v1", "", false, perTenant, Fixture::tenant);
		ResponseCacheSettings terms = new ResponseCacheSettings(Duration.ofHours(1), false, Duration.ofMillis(200),
				scope, new TestCosts(), GrokChatOptions::getConversationId);
		ResponseStore used = (store != null) ? store : new MapStore();
		this.answers = new DefaultResponseCache(terms,
				new FailSafeResponseStore(used, terms.timeout(), this.nanoTime::get), this::onEvent, () -> this.now);
		this.model = GrokChatModel.builder("test", this.transport)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(CachingChatModel.decorator(this.answers)))
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
	 * Ask the same as always, and wait until the answer is kept.
	 */
	ChatResponse ask() {
		ChatResponse answer = this.model.call(new Prompt("2 + 2?"));
		Awaitility.await().until(() -> this.answers.waiting() == 0 && this.answers.underWay() == 0);
		return answer;
	}

	List<String> results() {
		return this.events.stream().map(ResponseCacheAccessed::result).toList();
	}

	static ChatResponse answer(String text) {
		return answer(AssistantMessage.builder().content(text).build(), "STOP");
	}

	static ChatResponse answer(AssistantMessage message, @Nullable String finishReason) {
		return answer(message, finishReason, "grok-4.3");
	}

	static ChatResponse answer(AssistantMessage message, @Nullable String finishReason, String requestedModel) {
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

	static ChatResponse part(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text), ChatGenerationMetadata.NULL)),
				ChatResponseMetadata.builder().id("id").model("grok-4.3").build());
	}

	static List<ChatResponse> parts(String... texts) {
		List<ChatResponse> parts = new ArrayList<>();
		for (String text : texts) {
			parts.add(part(text));
		}
		parts.add(answer(""));
		return parts;
	}

	/**
	 * What is below the cache.
	 */
	static final class Transport implements ChatModel {

		final List<Prompt> prompts = new CopyOnWriteArrayList<>();

		volatile Function<Prompt, ChatResponse> calls = (prompt) -> answer("Four.");

		volatile Function<Prompt, Flux<ChatResponse>> streams = (prompt) -> Flux.fromIterable(parts("Fo", "ur."));

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
		 * Answers calls and streams with the same.
		 */
		void answers(ChatResponse whole) {
			this.calls = (prompt) -> whole;
			this.streams = (prompt) -> Flux.fromIterable(StreamElements.of(whole));
		}

		void fails(RuntimeException failure) {
			this.calls = (prompt) -> {
				throw failure;
			};
			this.streams = (prompt) -> Flux.error(failure);
		}

	}

	/**
	 * Keeps texts where a test can look at them.
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
	 * Costs are plain numbers here.
	 */
	private static final class TestCosts implements ResponseCosts {

		@Override
		public long ticks(ChatResponse answer) {
			return (answer.getMetadata().get("grok.cost") instanceof Long ticks) ? ticks : 0;
		}

		@Override
		public Map<String, Object> nothing() {
			return Map.of("grok.cost", 0L);
		}

		@Override
		public List<MetadataType<?>> types() {
			return List.of();
		}

	}

}
