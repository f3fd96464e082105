package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Position;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.cost.UnpricedModelException;
import io.github.grokspring.event.CostRecorded;
import io.github.grokspring.observation.TokenCostMeter;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link CostConfiguration}.
 */
class CostConfigurationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(10);

	private static final long TICKS = 100 * 12_500 + 10 * 25_000;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.api-key=" + xai.apiKey(), "grok.base-url=" + xai.baseUrl());

	@BeforeEach
	void reset() {
		xai.reset();
		xai.answers("Hello").usage(100, 10).byDefault();
	}

	@Test
	void everyClientIsMetered() {
		this.runner.withPropertyValues("grok.clients.fast.reasoning-effort=none").run((context) -> {
			assertThat(context.getBean(GrokChatModel.class).stages()).contains("metering");
			assertThat(context.getBean(GrokChatModel.class).as(MeteringChatModel.class)).isNotNull();
			assertThat(context).hasBean("grokCostCalculator").hasBean("grokMeteringDecorator");
			ChatResponse answer = call(context.getBean(ChatModel.class));
			assertThat(answer.getMetadata().<Cost>get("grok.cost")).isEqualTo(Cost.reported(TICKS, TICKS));
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "web-search", "web_search", "webSearch" })
	void feesOfToolsAreConfigured(String tool) {
		this.runner.withPropertyValues("grok.cost.tool-fees." + tool + "=12.50").run((context) -> {
			TokenUsage usage = new TokenUsage(0, 0, 0, 0, 0, Map.of("web_search", 2L, "file_search", 1L), false);
			assertThat(context.getBean(CostCalculator.class)
				.price(usage, "grok-4.3", Instant.parse("2026-11-30T00:00:00Z"), PriceConditions.STANDARD)
				.usd()).isEqualByComparingTo("0.0275");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "-1", "0.00000001", "1000001" })
	void aFeeThatMakesNoSenseEndsTheStart(String fee) {
		this.runner.withPropertyValues("grok.cost.tool-fees.web-search=" + fee)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("tool-fees.web-search")
				.hasMessageContaining("US dollars per 1,000 calls"));
	}

	@Test
	void withoutARegistryNothingIsMeasured() {
		this.runner.run((context) -> assertThat(context).doesNotHaveBean(TokenCostMeter.class));
		this.runner.withClassLoader(new FilteredClassLoader(MeterRegistry.class)).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("grokCostMeter");
			assertThat(call(context.getBean(ChatModel.class)).getMetadata().containsKey("grok.cost")).isTrue();
		});
	}

	@Test
	void tokensAndMoneyAreMeasured() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> registry).run((context) -> {
			assertThat(context).hasBean("grokCostMeter");
			call(context.getBean(ChatModel.class));
			context.getBean(ChatModel.class).stream(new Prompt("hello")).blockLast(PATIENCE);
			assertThat(registry.get("grok.client.cost")
				.tags("client", "default", "model", "grok-4.3", "source", "reported")
				.counter()
				.count()).isEqualTo(2 * TICKS / 1e10);
			assertThat(registry.get("grok.client.tokens").tags("type", "output").counter().count()).isEqualTo(20);
			assertThat(registry.get("grok.client.requests").tags("outcome", "success").timer().count()).isEqualTo(2);
			assertThat(registry.get("grok.client.time.to.first.token").timer().count()).isOne();
		});
	}

	@Test
	void whatACallCostsIsAnEventOfTheApplication() {
		this.runner.withUserConfiguration(Ledger.class).run((context) -> {
			call(context.getBean(ChatModel.class));
			List<CostRecorded> entries = context.getBean(Ledger.class).entries;
			assertThat(entries).hasSize(1);
			assertThat(entries.get(0).ticks()).isEqualTo(TICKS);
			assertThat(entries.get(0).client()).isEqualTo("default");
		});
	}

	@Test
	void aListenerOfTheApplicationThatFailsTakesNoAnswerAway() {
		this.runner.withUserConfiguration(FailingLedger.class)
			.run((context) -> assertThat(call(context.getBean(ChatModel.class)).getResult().getOutput().getText())
				.isEqualTo("Hello"));
	}

	@Test
	void pricingCanBeSwitchedOff() {
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withPropertyValues("grok.cost.enabled=false", "grok.cost.on-unpriced=fail")
			.run((context) -> {
				ChatResponse answer = call(context.getBean(ChatModel.class));
				assertThat(answer.getMetadata().containsKey("grok.cost")).isFalse();
				assertThat(answer.getMetadata().<TokenUsage>get("grok.tokens").total()).isEqualTo(110);
				assertThat(registry.get("grok.client.tokens").tags("type", "input").counter().count()).isEqualTo(100);
				assertThat(registry.get("grok.client.cost").tags("source", "none").counter().count()).isZero();
			});
	}

	@Test
	void anUnpricedModelCanBeRefused() {
		xai.alsoServes("grok-99", "grok-4.3");
		this.runner.withPropertyValues("grok.cost.on-unpriced=fail").run((context) -> {
			ChatModel model = context.getBean(ChatModel.class);
			Prompt prompt = new Prompt("hello", GrokChatOptions.builder().model("grok-99").build());
			assertThatExceptionOfType(UnpricedModelException.class).isThrownBy(() -> model.call(prompt));
			assertThat(xai.requestCount()).isZero();
			assertThat(call(model)).isNotNull();
		});
	}

	@Test
	void theHostInTheUsIsDearer() {
		ContextRunners.starterWithKey()
			.withPropertyValues("grok.base-url=https://us.api.x.ai/v1", "grok.chat.model=grok-4.7")
			.run((context) -> assertThat(price(context.getBean(CostCalculator.class))).isEqualTo(13_750));
		ContextRunners.starterWithKey()
			.run((context) -> assertThat(price(context.getBean(CostCalculator.class))).isEqualTo(12_500));
	}

	@Test
	void ownBeansGoFirst() {
		CostCalculator free = (tokens, model, at, conditions) -> Cost.table(0);
		this.runner.withBean("mine", CostCalculator.class, () -> free)
			.run((context) -> assertThat(context.getBean(CostCalculator.class)).isSameAs(free));
		this.runner.withBean("grokMeteringDecorator", ChatModelDecorator.class, NothingToMeter::new)
			.run((context) -> assertThat(context.getBean(GrokChatModel.class).stages()).doesNotContain("metering"));
		SimpleMeterRegistry registry = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withBean("mine", TokenCostMeter.class, () -> new TokenCostMeter(registry))
			.run((context) -> assertThat(context).hasSingleBean(TokenCostMeter.class).doesNotHaveBean("grokCostMeter"));
		this.runner.withUserConfiguration(Ledger.class)
			.withBean(TenantResolver.class, () -> (prompt) -> "shop-7")
			.run((context) -> {
				call(context.getBean(ChatModel.class));
				assertThat(context.getBean(Ledger.class).entries.get(0).tenant()).isEqualTo("shop-7");
			});
	}

	@Test
	void theTenantIsFoundOutOnceOnTheThreadThatCallsThoughThereAreNoBudgets() {
		ThreadLocal<String> current = new ThreadLocal<>();
		AtomicInteger asked = new AtomicInteger();
		this.runner.withUserConfiguration(Ledger.class).withBean(TenantResolver.class, () -> (prompt) -> {
			asked.incrementAndGet();
			return current.get();
		}).withPropertyValues("grok.retry.initial-interval=1ms").run((context) -> {
			current.set("shop-7");
			xai.failsWith(503);
			context.getBean(ChatModel.class).stream(new Prompt("hello")).blockLast(PATIENCE);
			call(context.getBean(ChatModel.class));
			assertThat(context.getBean(Ledger.class).entries).hasSize(2)
				.extracting(CostRecorded::tenant)
				.containsOnly("shop-7");
			assertThat(asked).hasValue(2);
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "native", "spring-ai" })
	void observationsSayHowManyTokensWereThought(String transport) {
		xai.reset();
		xai.answers("Hello").usage(100, 10).reasoningTokens(30).cachedTokens(64).byDefault();
		TestObservationRegistry registry = TestObservationRegistry.create();
		this.runner.withBean(TestObservationRegistry.class, () -> registry)
			.withPropertyValues("grok.chat.transport=" + transport)
			.run((context) -> {
				call(context.getBean(ChatModel.class));
				TestObservationRegistryAssert.assertThat(registry)
					.hasObservationWithNameEqualTo("gen_ai.client.operation")
					.that()
					.hasLowCardinalityKeyValue("gen_ai.system", "x_ai")
					.hasHighCardinalityKeyValue("gen_ai.usage.reasoning.output_tokens", "30")
					.hasHighCardinalityKeyValue("gen_ai.usage.output_tokens", "40")
					.hasHighCardinalityKeyValue("gen_ai.usage.cache_read.input_tokens", "64");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "much", "-1%", "1%%", "1e3", "%" })
	void aDriftThatIsNoPercentageStopsTheStart(String drift) {
		this.runner.withPropertyValues("grok.cost.drift-warning=" + drift)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining("drift-warning")
				.hasMessageContaining(drift));
	}

	@Test
	void percentagesAreReadWithAndWithoutTheirSign() {
		for (Map.Entry<String, String> text : Map
			.of("1%", "1", "0.5%", "0.5", " 2 % ".strip(), "2", "3", "3", "100%", "100")
			.entrySet()) {
			assertThat(Percentage.of("any", text.getKey())).isEqualByComparingTo(text.getValue());
		}
	}

	private static ChatResponse call(ChatModel model) {
		return model.call(new Prompt("hello"));
	}

	private static long price(CostCalculator calculator) {
		return calculator
			.price(new TokenUsage(1, 0, 0, 0, 0, Map.of(), false), "grok-4.3", Instant.now(), PriceConditions.STANDARD)
			.ticks();
	}

	@Configuration(proxyBeanMethods = false)
	static class Ledger {

		private final List<CostRecorded> entries = new CopyOnWriteArrayList<>();

		@EventListener
		void write(CostRecorded entry) {
			this.entries.add(entry);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class FailingLedger {

		@EventListener
		void write(CostRecorded entry) {
			throw new IllegalStateException("The ledger is full");
		}

	}

	static final class NothingToMeter implements ChatModelDecorator {

		@Override
		public Position position() {
			return Position.METERING;
		}

		@Override
		public ChatModel decorate(String client, ChatModel delegate) {
			return delegate;
		}

	}

}
