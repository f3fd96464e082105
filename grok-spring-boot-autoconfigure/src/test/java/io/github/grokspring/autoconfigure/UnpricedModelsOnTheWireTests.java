package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.cost.UnpricedModelException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.event.GrokEventListener;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.handler.codec.http.HttpHeaderNames;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;

import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * What a model costs whose price nobody knows and of which xAI reports no cost.
 */
class UnpricedModelsOnTheWireTests {

	private static final TokenUsage TOKENS = new TokenUsage(1000, 0, 0, 200, 0, Map.of(), false);

	private final AtomicInteger requests = new AtomicInteger();

	private final List<CostRecorded> costs = new CopyOnWriteArrayList<>();

	private final SimpleMeterRegistry meters = new SimpleMeterRegistry();

	private final AtomicReference<String> body = new AtomicReference<>("");

	/** Unlike {@code XaiServer}, serves any model. */
	private final DisposableServer server = HttpServer.create()
		.host("127.0.0.1")
		.port(0)
		.route((routes) -> routes.post("/v1/chat/completions", (request, response) -> {
			this.requests.incrementAndGet();
			String text = this.body.get();
			return response
				.header(HttpHeaderNames.CONTENT_TYPE,
						text.startsWith("data:") ? "text/event-stream" : "application/json")
				.sendString(Mono.just(text));
		}))
		.bindNow();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withBean(MeterRegistry.class, () -> this.meters)
		.withBean(GrokEventListener.class, () -> (event) -> {
			if (event instanceof CostRecorded cost) {
				this.costs.add(cost);
			}
		})
		.withPropertyValues("grok.base-url=http://127.0.0.1:" + this.server.port() + "/v1",
				"grok.api-key=xai-" + "k".repeat(80), "grok.chat.model=grok-99", "grok.chat.max-tokens=500",
				"grok.budgets.always.limit=0.05", "grok.budgets.always.window=total");

	@AfterEach
	void stop() {
		this.server.disposeNow(Duration.ofSeconds(5));
	}

	static List<TransportInvocation> wishes() {
		return TransportInvocation.all();
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void freeModelBooksAndReservesNothing(TransportInvocation wish) {
		this.runner.withPropertyValues(wish.property(), "grok.cost.on-unpriced=zero").run((context) -> {
			for (int i = 0; i < 12; i++) {
				assertThat(ask(context, wish).getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.NONE);
			}
			assertThat(status(context).usedTicks()).isZero();
			assertThat(status(context).reservedTicks()).isZero();
			assertThat(this.costs).hasSize(12).allMatch((cost) -> cost.ticks() == 0 && cost.source().equals("none"));
			assertThat(this.meters.get("grok.client.cost").counter().count()).isZero();
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void highestPriceOfTheFamilyIsBooked(TransportInvocation wish) {
		this.runner.withPropertyValues(wish.property()).run((context) -> {
			Cost cost = ask(context, wish).getMetadata().get("grok.cost");
			assertThat(cost).isEqualTo(Cost.estimated(highest("grok-99")));
			assertThat(cost.source()).isEqualTo(Cost.Source.TABLE);
			assertThat(this.costs).singleElement()
				.matches((event) -> event.estimated() && event.source().equals("table")
						&& event.ticks() == cost.ticks());
			assertThat(status(context).usedTicks()).isEqualTo(cost.ticks());
			assertThat(this.meters.get("grok.client.cost").counter().count() * 1e10).isCloseTo(cost.ticks(),
					Offset.offset(1.0));
		});
	}

	@ParameterizedTest
	@MethodSource("wishes")
	void modelWithoutPriceIsRefusedBeforeItIsAsked(TransportInvocation wish) {
		this.runner.withPropertyValues(wish.property(), "grok.cost.on-unpriced=fail").run((context) -> {
			assertThatExceptionOfType(UnpricedModelException.class)
				.isThrownBy(() -> wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi")));
			assertThat(this.requests).hasValue(0);
			assertThat(this.costs).isEmpty();
			assertThat(status(context).usedTicks()).isZero();
			assertThat(status(context).reservedTicks()).isZero();
		});
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.3-turbo, grok-4.3", "grok-build-0.9, grok-build-0.1" })
	void modelsAreOfTheFamilyWhoseNameTheyContinue(String name, String model) {
		assertThat(ModelCatalog.bundled().family(name)).anyMatch((member) -> member.id().equals(model));
	}

	private static long highest(String model) {
		ModelCatalog catalog = ModelCatalog.bundled();
		CostCalculator prices = CostCalculator.of(catalog, PriceConditions.STANDARD);
		return catalog.family(model)
			.stream()
			.mapToLong((member) -> prices.price(TOKENS, member.id(), Instant.now(), PriceConditions.STANDARD).ticks())
			.max()
			.orElseThrow();
	}

	private ChatResponse ask(ApplicationContext context, TransportInvocation wish) {
		String json = "{\"id\":\"r1\",\"created\":1,\"model\":\"grok-99\",\"object\":\"chat.completion"
				+ (wish.stream() ? ".chunk" : "") + "\",\"choices\":[{\"index\":0,\""
				+ (wish.stream() ? "delta" : "message")
				+ "\":{\"role\":\"assistant\",\"content\":\"Hello\"},\"finish_reason\":\"stop\"}],\"usage\":"
				+ "{\"prompt_tokens\":1000,\"completion_tokens\":200,\"total_tokens\":1200}}";
		this.body.set(wish.stream() ? "data: " + json + "\n\ndata: [DONE]\n\n" : json);
		return wish.ask(context.getBean(GrokChatModel.class), new Prompt("hi"));
	}

	private static BudgetStatus status(ApplicationContext context) {
		return context.getBean(Budgets.class).status().get(0);
	}

}
