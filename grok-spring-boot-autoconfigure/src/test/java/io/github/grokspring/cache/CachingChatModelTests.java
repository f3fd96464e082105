package io.github.grokspring.cache;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.chain.CacheMode;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.ResponseCacheAccessed;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.test.StepVerifier;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.AssistantMessage.ToolCall;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Tests for {@link CachingChatModel}.
 */
class CachingChatModelTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private final Fixture fixture = new Fixture();

	static Stream<Arguments> bothTwice() {
		return Stream.of(Invocation.values())
			.flatMap((first) -> Stream.of(Invocation.values()).map((then) -> Arguments.of(first, then)));
	}

	@ParameterizedTest
	@MethodSource("bothTwice")
	void equalRequestIsServedFromCache(Invocation first, Invocation then) {
		List<ChatResponse> asked = ask(first);
		List<ChatResponse> kept = ask(then);
		assertThat(Invocation.text(kept)).isEqualTo(Invocation.text(asked)).isEqualTo("Four.");
		assertThat(this.fixture.transport.prompts).hasSize(1);
		ChatResponseMetadata before = metadata(asked);
		assertThat(before.<String>get("grok.cache")).isEqualTo("miss");
		assertThat(before.<Long>get("grok.cost")).isEqualTo(Fixture.COST);
		ChatResponseMetadata after = metadata(kept);
		assertThat(after.<String>get("grok.cache")).isEqualTo("hit");
		assertThat(after.<Long>get("grok.cost")).isZero();
		assertThat(after.<Long>get("grok.saved")).isEqualTo(Fixture.COST);
		assertThat(after.<Integer>get("grok.attempts")).isZero();
		assertThat(after.getUsage()).isEqualTo(before.getUsage());
		assertThat(after.getModel()).isEqualTo("grok-4.3");
		assertThat(kept.get(kept.size() - 1).getResult().getMetadata().getFinishReason()).isEqualTo("STOP");
		assertThat(this.fixture.events).containsExactly(new ResponseCacheAccessed("default", "grok-4.3", "miss", 0),
				new ResponseCacheAccessed("default", "grok-4.3", "hit", Fixture.COST));
		assertThat(this.fixture.costs).extracting(CostRecorded::isCached, CostRecorded::ticks)
			.containsExactly(tuple(true, 0L));
		assertThat(this.fixture.cache.statistics()).isEqualTo(new CacheStatistics(1, 1, 0, 0, Fixture.COST));
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void completeResponseIsCached(Invocation invocation) {
		ChatResponse answer = Fixture.response(AssistantMessage.builder()
			.content("So it is.[[1]](https://a.b)")
			.properties(Map.of("reasoning", "Hm.", "grok.reasoning-items", List.of("{}")))
			.build(), "STOP");
		this.fixture.transport.respondWith(ChatResponses.with(answer, "citations",
				List.of(new Citation("https://a.b", "1", 9, 27, Citation.Kind.WEB))));
		ask(invocation);
		ChatResponse kept = this.fixture.model.call(new Prompt("2 + 2?"));
		assertThat(kept.getResult().getOutput()).isEqualTo(answer.getResult().getOutput());
		assertThat(kept.getMetadata().<List<Citation>>get("citations")).singleElement()
			.extracting(Citation::url)
			.isEqualTo("https://a.b");
		List<ChatResponse> elements = this.fixture.model.stream(new Prompt("2 + 2?")).collectList().block(PATIENCE);
		assertThat(elements).hasSize(3);
		assertThat(elements.get(0).getResult().getOutput().getMetadata()).containsEntry("reasoning-delta", "Hm.");
		assertThat(elements.get(1).getResult().getOutput().getText()).isEqualTo("So it is.[[1]](https://a.b)");
		assertThat(elements.get(2).getResult().getOutput().getText()).isEmpty();
		assertThat(elements.get(2).getResult().getOutput().getMetadata()).containsEntry("reasoning", "Hm.");
		assertThat(this.fixture.transport.prompts).hasSize(1);
	}

	@Test
	void streamElementsEqualResponse() {
		ChatResponse answer = Fixture.response(AssistantMessage.builder()
			.content("text")
			.properties(Map.of("reasoning", "Hm."))
			.toolCalls(List.of(new ToolCall("1", "function", "time", "{}")))
			.build(), "TOOL_CALLS");
		ChatResponse again = StreamElements.merge(StreamElements.of(answer));
		assertThat(again.getResults()).isEqualTo(answer.getResults());
		assertThat(again.getMetadata()).isEqualTo(answer.getMetadata());
	}

	static Stream<Arguments> uncacheableResponses() {
		return Stream
			.of(Map.entry("cut", Fixture.response(new AssistantMessage("Fo"), "LENGTH")),
					Map.entry("filtered", Fixture.response(new AssistantMessage("I must not."), "CONTENT_FILTER")),
					Map.entry("refused", Fixture.response(
							AssistantMessage.builder().content("No.").properties(Map.of("refusal", "No.")).build(),
							"STOP")),
					Map.entry("empty", Fixture.response(" ")),
					Map.entry("without an end", Fixture.response(new AssistantMessage("Fo"), null)),
					Map.entry("tool call",
							Fixture.response(AssistantMessage.builder()
								.content("Let me see.")
								.toolCalls(List.of(new ToolCall("1", "function", "time", "{}")))
								.build(), "STOP")),
					Map.entry("of another model", Fixture.response(new AssistantMessage("Four."), "STOP", "grok-4.5")),
					Map.entry("two answers",
							new ChatResponse(
									List.of(Fixture.response("a").getResult(), Fixture.response("b").getResult()),
									Fixture.response("a").getMetadata())),
					Map.entry("of a type that is not known", Fixture.response(
							AssistantMessage.builder().content("Four.").properties(Map.of("x", new Object())).build(),
							"STOP")))
			.flatMap((entry) -> Stream.of(Invocation.values())
				.map((invocation) -> Arguments.of(entry.getKey(), invocation, entry.getValue())));
	}

	@ParameterizedTest(name = "{0} {1}")
	@MethodSource("uncacheableResponses")
	void incompleteResponseIsNotCached(String what, Invocation invocation, ChatResponse answer) {
		this.fixture.transport.respondWith(answer);
		ask(invocation);
		List<ChatResponse> second = ask(invocation);
		assertThat(this.fixture.transport.prompts).as(what).hasSize(2);
		assertThat(this.fixture.kept).isEmpty();
		assertThat(second.get(second.size() - 1).getResults()).isNotEmpty();
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void failureIsNotCached(Invocation invocation) {
		GrokException failure = new GrokException("no");
		this.fixture.transport.failWith(failure);
		assertThatExceptionOfType(GrokException.class).isThrownBy(() -> ask(invocation)).isSameAs(failure);
		this.fixture.transport.respondWith(Fixture.response("Four."));
		assertThat(Invocation.text(ask(invocation))).isEqualTo("Four.");
		assertThat(this.fixture.results()).containsExactly("miss", "miss");
	}

	@Test
	void failedOrCancelledStreamIsNotCached() {
		GrokException failure = new GrokException("broken");
		this.fixture.transport.streams = (prompt) -> Flux.just(Fixture.element("Fo")).concatWith(Flux.error(failure));
		StepVerifier.create(this.fixture.model.stream(new Prompt("2 + 2?")))
			.expectNextCount(1)
			.expectErrorMatches(failure::equals)
			.verify(PATIENCE);
		this.fixture.transport.streams = (prompt) -> Flux.just(Fixture.element("Fo")).concatWith(Flux.never());
		StepVerifier.create(this.fixture.model.stream(new Prompt("2 + 2?")))
			.expectNextCount(1)
			.thenCancel()
			.verify(PATIENCE);
		assertThat(this.fixture.kept).isEmpty();
		assertThat(this.fixture.cache.waitingCount()).isZero();
	}

	@ParameterizedTest
	@EnumSource
	void bypassIgnoresCache(Invocation invocation) {
		GrokChatOptions bypass = GrokChatOptions.builder().cacheMode(CacheMode.BYPASS).build();
		assertThat(metadata(ask(invocation, bypass)).<String>get("grok.cache")).isEqualTo("bypass");
		assertThat(this.fixture.kept).isEmpty();
		ask(invocation);
		assertThat(metadata(ask(invocation, bypass)).<Long>get("grok.cost")).isEqualTo(Fixture.COST);
		assertThat(this.fixture.transport.prompts).hasSize(3);
		assertThat(this.fixture.results()).containsExactly("bypass", "miss", "bypass");
	}

	@ParameterizedTest
	@EnumSource
	void refreshReplacesCachedResponse(Invocation invocation) {
		ask(invocation);
		this.fixture.transport.respondWith(Fixture.response("Still four."));
		GrokChatOptions refresh = GrokChatOptions.builder().cacheMode(CacheMode.REFRESH).build();
		assertThat(metadata(ask(invocation, refresh)).<String>get("grok.cache")).isEqualTo("miss");
		assertThat(Invocation.text(ask(invocation))).isEqualTo("Still four.");
		assertThat(this.fixture.transport.prompts).hasSize(2);
	}

	@ParameterizedTest
	@EnumSource
	void responseExpires(Invocation invocation) {
		ask(invocation);
		this.fixture.now = this.fixture.now.plus(Duration.ofMinutes(59));
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("hit");
		this.fixture.now = this.fixture.now.plus(Duration.ofMinutes(1));
		GrokChatOptions brief = GrokChatOptions.builder().cacheTtl(Duration.ofSeconds(5)).build();
		assertThat(metadata(ask(invocation, brief)).<String>get("grok.cache")).isEqualTo("miss");
		this.fixture.now = this.fixture.now.plus(Duration.ofSeconds(5));
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("miss");
		assertThat(this.fixture.ttls).containsExactly(Duration.ofHours(1), Duration.ofSeconds(5), Duration.ofHours(1));
	}

	@ParameterizedTest
	@EnumSource
	void responseCanBeCachedForever(Invocation invocation) {
		GrokChatOptions forever = GrokChatOptions.builder().cacheTtl(ChronoUnit.FOREVER.getDuration()).build();
		assertThat(Invocation.text(ask(invocation, forever))).isEqualTo("Four.");
		this.fixture.now = this.fixture.now.plus(Duration.ofDays(365_000));
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("hit");
	}

	@ParameterizedTest
	@EnumSource
	void responsesOfServerToolsAreCachedOnlyIfEnabled(Invocation invocation) {
		GrokChatOptions search = GrokChatOptions.builder().serverTools(ServerTool.webSearch()).build();
		GrokChatOptions kept = search.mutate().cacheServerTools(true).build();
		ask(invocation, search);
		assertThat(this.fixture.kept).isEmpty();
		ask(invocation, kept);
		assertThat(metadata(ask(invocation, kept)).<String>get("grok.cache")).isEqualTo("hit");
		assertThat(metadata(ask(invocation, search)).<String>get("grok.cache")).isEqualTo("miss");
	}

	@ParameterizedTest
	@EnumSource
	void tenantsDoNotShareResponses(Invocation invocation) {
		GrokChatOptions a = GrokChatOptions.builder().toolContext(Map.of("tenant", "a")).build();
		GrokChatOptions b = GrokChatOptions.builder().toolContext(Map.of("tenant", "b")).build();
		ask(invocation, a);
		assertThat(metadata(ask(invocation, b)).<String>get("grok.cache")).isEqualTo("miss");
		assertThat(metadata(ask(invocation, a)).<String>get("grok.cache")).isEqualTo("hit");
	}

	@ParameterizedTest
	@EnumSource
	void requestWithoutKeyIsSent(Invocation invocation) {
		GrokChatOptions strange = GrokChatOptions.builder().extraBody(Map.of("x", new Object())).build();
		assertThat(metadata(ask(invocation, strange)).<String>get("grok.cache")).isEqualTo("bypass");
	}

	@ParameterizedTest
	@EnumSource
	void foreignEntryIsIgnored(Invocation invocation) {
		ask(invocation);
		this.fixture.kept.replaceAll((key, text) -> text.replace("\"version\":1", "\"version\":0"));
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("miss");
		this.fixture.kept.replaceAll((key, text) -> "gibberish");
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("miss");
		assertThat(metadata(ask(invocation)).<String>get("grok.cache")).isEqualTo("hit");
	}

	@Test
	void clearRemovesResponsesAndPreventsCachingOfRunningRequests() {
		ask(Invocation.CALL);
		this.fixture.cache.clear();
		this.fixture.transport.calls = (prompt) -> {
			this.fixture.cache.clear();
			return Fixture.response("Four.");
		};
		ask(Invocation.CALL);
		assertThat(this.fixture.transport.prompts).hasSize(2);
		assertThat(this.fixture.kept).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void entryWrittenDuringClearIsNotServed(Invocation invocation) {
		this.fixture.beforePut = this.fixture.cache::clear;
		ask(invocation);
		this.fixture.beforePut = () -> {
		};
		ask(invocation);
		ask(invocation);
		assertThat(this.fixture.results()).containsExactly("miss", "miss", "hit");
	}

	@Test
	void keysAndEventsContainNoContent() {
		ask(Invocation.CALL);
		assertThat(this.fixture.kept.keySet()).singleElement().asString().matches("[0-9a-f]{64}");
		assertThat(this.fixture.events.toString()).doesNotContain("2 + 2", "Four");
	}

	@Test
	void callOnNonBlockingThreadBypassesCache() {
		Mono<ChatResponse> call = Mono.fromCallable(() -> this.fixture.model.call(new Prompt("2 + 2?")))
			.subscribeOn(Schedulers.parallel());
		assertThat(call.block(PATIENCE).getMetadata().<String>get("grok.cache")).isEqualTo("bypass");
	}

	@Test
	void decoratorHasName() {
		assertThat(this.fixture.model).hasToString("GrokChatModel[default: cache -> test]");
		assertThat(this.fixture.model.as(CachingChatModel.class)).isNotNull();
	}

	private List<ChatResponse> ask(Invocation invocation) {
		return invocation.invoke(this.fixture.model, new Prompt("2 + 2?"));
	}

	private List<ChatResponse> ask(Invocation invocation, GrokChatOptions options) {
		return invocation.invoke(this.fixture.model, new Prompt("2 + 2?", options));
	}

	private static ChatResponseMetadata metadata(List<ChatResponse> answer) {
		return answer.get(answer.size() - 1).getMetadata();
	}

}
