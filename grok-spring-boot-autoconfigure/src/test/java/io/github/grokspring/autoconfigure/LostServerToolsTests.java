package io.github.grokspring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.tool.ServerTool;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.assertj.core.data.Offset;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What server-side tools cost when the stream that used them is lost.
 */
class LostServerToolsTests {

	private static final long SEARCH = 50_000_000;

	private static final long PROMPT_TOKEN = 12_500;

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private volatile Flux<String> answer = Flux.never();

	private DisposableServer server;

	private ApplicationContextRunner runner;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.route((routes) -> routes.post("/v1/responses",
					(request, response) -> response.header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
						.sendString(this.answer, StandardCharsets.UTF_8)))
			.bindNow();
		this.runner = ContextRunners.starter()
			.withBean(GrokEventListener.class, () -> this.events::add)
			.withBean(MeterRegistry.class, () -> this.meters)
			.withPropertyValues("grok.base-url=http://127.0.0.1:" + this.server.port() + "/v1",
					"grok.api-key=xai-" + "k".repeat(80), "grok.retry.enabled=false", "grok.chat.model=grok-4.3",
					"grok.budgets.always.limit=10", "grok.budgets.always.window=total");
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

	@ParameterizedTest
	@EnumSource
	void finishedToolRunsAndFurtherPromptsAreBilled(End end) {
		this.runner.run((context) -> {
			lose(context, end, search(20));
			CostRecorded cost = cost();
			assertThat(cost.estimated()).isTrue();
			assertThat(cost.source()).isEqualTo("table");
			assertThat(cost.serverToolCalls()).containsOnly(Map.entry("web_search", 20L));
			long prompt = cost.inputTokens() / 20;
			assertThat(cost.inputTokens()).as("the prompt of 20 turns").isEqualTo(20 * prompt).isPositive();
			assertThat(cost.ticks()).isEqualTo(20 * SEARCH + 20 * prompt * PROMPT_TOKEN);
			assertEverythingSaysTheSame(context, cost.ticks());
		});
	}

	@ParameterizedTest
	@EnumSource
	void textAfterToolsIsOfAFurtherTurn(End end) {
		this.runner.run((context) -> {
			lose(context, end, parallelSearches(3) + text(3, "Four letters each."));
			CostRecorded cost = cost();
			assertThat(cost.serverToolCalls()).containsOnly(Map.entry("web_search", 3L));
			assertThat(cost.inputTokens()).isPositive().isEven();
			assertThat(cost.outputTokens()).isEqualTo(5);
			assertThat(cost.ticks()).isEqualTo(3 * SEARCH + cost.inputTokens() * PROMPT_TOKEN + 5 * 25_000);
			assertEverythingSaysTheSame(context, cost.ticks());
		});
	}

	@Test
	void toolsThatHaveNotFinishedAreNotBilled() {
		this.runner.run((context) -> {
			lose(context, End.CANCELLED, event("response.output_item.added", item(0, "in_progress")));
			assertThat(cost().serverToolCalls()).isEmpty();
			assertThat(cost().ticks()).isEqualTo(cost().inputTokens() * PROMPT_TOKEN);
		});
	}

	@Test
	void searchesOnXAreBilledByThePostsThatTheyUsuallyFetch() {
		this.runner.run((context) -> {
			lose(context, End.BROKEN, search(2).replace("web_search_call", "x_search_call"));
			assertThat(cost().serverToolCalls()).containsOnly(Map.entry("x_search", 2L),
					Map.entry("x_posts_fetched", 20L));
		});
	}

	@ParameterizedTest
	@ValueSource(longs = { 10, 3, 0 })
	void toolRunsAreReservedOnlyWhereToolsAreOffered(long calls) {
		String[] properties = { "grok.budget.ceiling=5", "grok.budget.tool-calls=" + calls,
				"grok.chat.max-tokens=100" };
		this.runner.withPropertyValues(properties).run((context) -> {
			long without = reserved(context, GrokChatOptions.builder().api(GrokApi.RESPONSES));
			long with = reserved(context, GrokChatOptions.builder().serverTools(ServerTool.webSearch()));
			assertThat(with - without).isEqualTo(calls * SEARCH);
		});
	}

	@Test
	void toolRunsAreNeverReservedAboveTheCeiling() {
		this.runner.withPropertyValues("grok.budget.ceiling=0.01", "grok.chat.max-tokens=100")
			.run((context) -> assertThat(
					reserved(context, GrokChatOptions.builder().serverTools(ServerTool.webSearch())))
				.isEqualTo(100_000_000));
	}

	private long reserved(ApplicationContext context, GrokChatOptions.Builder options) {
		this.answer = Flux.never();
		Disposable call = context.getBean(GrokChatModel.class).stream(new Prompt("hi", options.build())).subscribe();
		long reserved = status(context).reservedTicks();
		call.dispose();
		assertThat(status(context).reservedTicks()).isZero();
		return reserved;
	}

	private void lose(ApplicationContext context, End end, String events) {
		this.answer = Flux
			.just(event("response.created", "\"response\":{\"id\":\"r1\",\"model\":\"grok-4.3\"}") + events)
			.concatWith((end == End.BROKEN) ? Mono.empty() : Mono.never());
		GrokChatOptions.Builder options = GrokChatOptions.builder().serverTools(ServerTool.webSearch());
		if (end == End.TIMEOUT) {
			options.timeout(Duration.ofSeconds(2));
		}
		GrokChatModel model = context.getBean(GrokChatModel.class);
		List<Object> seen = new CopyOnWriteArrayList<>();
		Flux<?> stream = model.stream(new Prompt("What is new in the world today?", options.build()))
			.doOnNext(seen::add);
		if (end == End.CANCELLED) {
			Disposable call = stream.subscribe();
			Awaitility.await().until(() -> !seen.isEmpty());
			call.dispose();
		}
		else {
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> stream.blockLast(TransportInvocation.PATIENCE));
		}
	}

	private CostRecorded cost() {
		List<CostRecorded> costs = this.events.stream()
			.filter(CostRecorded.class::isInstance)
			.map(CostRecorded.class::cast)
			.toList();
		assertThat(costs).hasSize(1);
		return costs.get(0);
	}

	private void assertEverythingSaysTheSame(ApplicationContext context, long ticks) {
		assertThat(status(context).usedTicks()).isEqualTo(ticks);
		assertThat(status(context).reservedTicks()).isZero();
		assertThat(this.meters.get("grok.client.cost").counter().count() * 1e10).isCloseTo(ticks, Offset.offset(1.0));
	}

	private static BudgetStatus status(ApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0);
	}

	/** Searches, each of them asked for when the one before it has finished. */
	private static String search(int times) {
		return IntStream.range(0, times)
			.mapToObj((i) -> event("response.output_item.added", item(i, "in_progress"))
					+ event("response.web_search_call.completed",
							"\"output_index\":" + i + ",\"item_id\":\"ws" + i + "\"")
					+ event("response.output_item.done", item(i, "completed")))
			.collect(Collectors.joining());
	}

	/** Searches that were asked for together. */
	private static String parallelSearches(int times) {
		return IntStream.range(0, times)
			.mapToObj((i) -> event("response.output_item.added", item(i, "in_progress")))
			.collect(Collectors.joining())
				+ IntStream.range(0, times)
					.mapToObj((i) -> event("response.output_item.done", item(i, "completed")))
					.collect(Collectors.joining());
	}

	private static String text(int index, String text) {
		return event("response.output_item.added",
				"\"output_index\":" + index + ",\"item\":{\"type\":\"message\",\"id\":\"m1\",\"content\":[]}")
				+ event("response.output_text.delta", "\"output_index\":" + index
						+ ",\"content_index\":0,\"item_id\":\"m1\",\"delta\":\"" + text + "\"");
	}

	private static String item(int index, String status) {
		return "\"output_index\":" + index + ",\"item\":{\"type\":\"web_search_call\",\"id\":\"ws" + index
				+ "\",\"status\":\"" + status + "\",\"action\":{\"type\":\"search\",\"query\":\"news\"}}";
	}

	private static String event(String name, String fields) {
		return "event: " + name + "\ndata: {\"type\":\"" + name + "\"," + fields + "}\n\n";
	}

	/**
	 * How a stream is lost.
	 */
	enum End {

		CANCELLED, BROKEN, TIMEOUT

	}

}
