package io.github.grokspring.autoconfigure;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.tool.ServerTool;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.reactivestreams.Subscription;
import reactor.core.publisher.BaseSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

/**
 * Thousands of calls of which most are cancelled somewhere: events, budgets and meters
 * count the same money, to the tick.
 */
@Timeout(300)
class MoneyUnderLoadTests {

	private static final int CALLS = 10_000;

	private static final int CONCURRENCY = 100;

	private static final long BILL = 123_457_000;

	private static final Pattern USER = Pattern.compile("\"user\":\"(\\w+)\"");

	private final Map<String, AtomicLong> costs = new ConcurrentHashMap<>();

	private final Set<String> arrived = ConcurrentHashMap.newKeySet();

	private final Set<String> neverSent = ConcurrentHashMap.newKeySet();

	private final LongAdder thrown = new LongAdder();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final Random random = new Random(42);

	private DisposableServer server;

	@BeforeEach
	void start() {
		this.server = HttpServer.create()
			.host("127.0.0.1")
			.port(0)
			.route((routes) -> routes.post("/v1/responses", this::answer))
			.bindNow();
	}

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

	@Test
	void eventsBudgetsAndMetersCountTheSameMoney() {
		AtomicLong events = new AtomicLong();
		ContextRunners.starter().withBean("recorder", GrokEventListener.class, () -> (event) -> {
			if (event instanceof CostRecorded cost) {
				this.costs.computeIfAbsent(String.valueOf(cost.tenant()), (tenant) -> new AtomicLong())
					.addAndGet(cost.ticks());
			}
		}).withBean("failing", GrokEventListener.class, () -> (event) -> {
			if (events.incrementAndGet() % 100 == 0) {
				this.thrown.increment();
				throw new IllegalStateException("A listener that fails");
			}
		})
			.withBean(MeterRegistry.class, () -> this.meters)
			.withPropertyValues("grok.base-url=http://127.0.0.1:" + this.server.port() + "/v1",
					"grok.api-key=xai-" + "k".repeat(80), "grok.retry.enabled=false",
					"grok.circuit-breaker.enabled=false", "grok.chat.model=grok-4.3", "grok.http.max-connections=50",
					"grok.budgets.sum.limit=1000000", "grok.budgets.sum.window=total",
					"grok.budgets.model.limit=1000000", "grok.budgets.model.window=total",
					"grok.budgets.model.scope=model", "grok.budgets.each.limit=1000", "grok.budgets.each.window=total",
					"grok.budgets.each.scope=tenant")
			.run((context) -> {
				GrokChatModel model = context.getBean(GrokChatModel.class);
				List<Mono<Void>> calls = new ArrayList<>();
				for (int i = 0; i < CALLS; i++) {
					calls.add(call(model, "t" + i));
				}
				Flux.fromIterable(calls).flatMap((call) -> call, CONCURRENCY).blockLast(Duration.ofMinutes(4));
				Awaitility.await()
					.atMost(Duration.ofSeconds(30))
					.until(() -> statuses(context).stream().allMatch((status) -> status.reservedTicks() == 0));
				assertMoneyIsTheSameEverywhere(context);
			});
	}

	private void assertMoneyIsTheSameEverywhere(ApplicationContext context) {
		long recorded = this.costs.values().stream().mapToLong(AtomicLong::get).sum();
		assertThat(recorded).isGreaterThan(CALLS / 10 * BILL);
		assertThat(used(context, "sum")).isEqualTo(recorded);
		assertThat(used(context, "model")).isEqualTo(recorded);
		assertThat(used(context, "each")).isEqualTo(recorded);
		assertThat(this.meters.get("grok.client.cost").counters().stream().mapToDouble(Counter::count).sum() * 1e10)
			.isCloseTo(recorded, within(1.0));
		for (BudgetStatus status : statuses(context)) {
			if (status.budget().equals("each")) {
				assertThat(status.usedTicks()).as(status.scopeValue())
					.isEqualTo(this.costs.getOrDefault(status.scopeValue(), new AtomicLong()).get());
			}
		}
		assertThat(this.arrived).hasSizeGreaterThan(CALLS / 4)
			.allSatisfy((tenant) -> assertThat(this.costs).hasEntrySatisfying(tenant,
					(ticks) -> assertThat(ticks.get()).isPositive()));
		assertThat(this.neverSent).hasSizeGreaterThan(CALLS / 10)
			.doesNotContainAnyElementsOf(this.costs.keySet())
			.doesNotContainAnyElementsOf(this.arrived);
		assertThat(this.thrown.sum()).isPositive();
	}

	private static List<BudgetStatus> statuses(ApplicationContext context) {
		return context.getBean(Budgets.class).status();
	}

	private static long used(ApplicationContext context, String budget) {
		return statuses(context).stream()
			.filter((status) -> status.budget().equals(budget))
			.mapToLong(BudgetStatus::usedTicks)
			.sum();
	}

	private Mono<Void> call(GrokChatModel model, String tenant) {
		Prompt prompt = new Prompt("What is new in the world?",
				GrokChatOptions.builder().user(tenant).serverTools(ServerTool.webSearch()).build());
		Flux<ChatResponse> stream = model.stream(prompt);
		int moment = this.random.nextInt(6);
		int elements = 1 + this.random.nextInt(5);
		Duration delay = Duration.ofNanos(this.random.nextInt(20_000_000));
		return switch (moment) {
			case 0 -> Mono.fromRunnable(() -> cancelBeforeSending(stream, tenant));
			case 1 -> Mono.fromCallable(() -> model.call(prompt)).subscribeOn(Schedulers.boundedElastic()).then();
			case 2 -> stream.then();
			case 3 -> stream.takeUntilOther(Mono.delay(delay)).then();
			default -> stream.take(elements).then();
		};
	}

	private void cancelBeforeSending(Flux<ChatResponse> stream, String tenant) {
		this.neverSent.add(tenant);
		stream.subscribe(new BaseSubscriber<>() {

			@Override
			protected void hookOnSubscribe(Subscription subscription) {
				cancel();
			}

		});
	}

	private Mono<Void> answer(HttpServerRequest request, HttpServerResponse response) {
		return request.receive().aggregate().asString(StandardCharsets.UTF_8).flatMap((body) -> {
			Matcher user = USER.matcher(body);
			if (user.find()) {
				this.arrived.add(user.group(1));
			}
			if (!body.contains("\"stream\":true")) {
				return response.header(HttpHeaderNames.CONTENT_TYPE, "application/json")
					.sendString(Mono.just(whole()))
					.then();
			}
			return response.header(HttpHeaderNames.CONTENT_TYPE, "text/event-stream")
				.send(Flux.fromIterable(events())
					.delayElements(Duration.ofMillis(1))
					.map((event) -> Unpooled.copiedBuffer(event, StandardCharsets.UTF_8)), (event) -> true)
				.then();
		});
	}

	private static List<String> events() {
		List<String> events = new ArrayList<>();
		events.add(event("response.created", "\"response\":{\"id\":\"r1\",\"model\":\"grok-4.3\"}"));
		for (int i = 0; i < 2; i++) {
			events.add(event("response.output_item.added",
					"\"output_index\":" + i + ",\"item\":" + search(i, "in_progress")));
			events.add(event("response.output_item.done",
					"\"output_index\":" + i + ",\"item\":" + search(i, "completed")));
		}
		events.add(event("response.output_item.added",
				"\"output_index\":2,\"item\":{\"type\":\"message\",\"id\":\"m1\",\"content\":[]}"));
		for (String word : List.of("Nothing ", "much ", "today.")) {
			events.add(event("response.output_text.delta",
					"\"output_index\":2,\"content_index\":0,\"item_id\":\"m1\",\"delta\":\"" + word + "\""));
		}
		events.add(event("response.completed", "\"response\":" + whole()));
		return events;
	}

	private static String whole() {
		return "{\"id\":\"r1\",\"object\":\"response\",\"model\":\"grok-4.3\",\"status\":\"completed\",\"output\":["
				+ search(0, "completed") + "," + search(1, "completed")
				+ ",{\"type\":\"message\",\"id\":\"m1\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
				+ "\"text\":\"Nothing much today.\",\"annotations\":[]}]}],\"usage\":{\"input_tokens\":100,"
				+ "\"output_tokens\":10,\"total_tokens\":110,\"cost_in_usd_ticks\":" + BILL
				+ ",\"server_side_tool_usage_details\":{\"web_search_calls\":2}}}";
	}

	private static String search(int index, String status) {
		return "{\"type\":\"web_search_call\",\"id\":\"ws" + index + "\",\"status\":\"" + status
				+ "\",\"action\":{\"type\":\"search\",\"query\":\"news\"}}";
	}

	private static String event(String name, String fields) {
		return "event: " + name + "\ndata: {\"type\":\"" + name + "\"," + fields + "}\n\n";
	}

}
