package io.github.grokspring.benchmark;

import java.math.BigDecimal;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.budget.Budget;
import io.github.grokspring.budget.BudgetChatModel;
import io.github.grokspring.budget.BudgetSettings;
import io.github.grokspring.budget.BudgetStore;
import io.github.grokspring.budget.BudgetWindow;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.budget.CostEstimator;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.MeteringChatModel;
import io.github.grokspring.cost.MeteringSettings;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.token.PromptTokenEstimator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * What the stages of money add to a call: one operation is a call whose answer is there
 * already. {@code none} has no stage, {@code metering} counts, {@code budget} reserves
 * and settles in two budgets as well.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class BudgetStageBenchmark {

	@Param({ "none", "metering", "budget" })
	public String stages = "";

	private final Prompt prompt = new Prompt("What is the answer to everything? ".repeat(20));

	private GrokChatModel model;

	@Setup
	public void start() {
		ModelCatalog catalog = ModelCatalog.bundled();
		CostCalculator prices = CostCalculator.of(catalog, PriceConditions.STANDARD);
		GrokChatModel.Builder builder = GrokChatModel.builder("answer", BudgetStageBenchmark::answer)
			.options(GrokChatOptions.builder().model("grok-4.3").maxTokens(500).build());
		if (!"none".equals(this.stages)) {
			builder.decorators(
					List.of(MeteringChatModel.decorator(MeteringSettings.of(prices, GrokEventListener.none()))));
		}
		if ("budget".equals(this.stages)) {
			Budgets budgets = Budgets.of(
					List.of(Budget.of("hourly", new BigDecimal("10000000"), BudgetWindow.HOUR),
							Budget.of("monthly", new BigDecimal("90000000"), BudgetWindow.MONTH)),
					BudgetStore.inMemory(Clock.systemUTC()), BudgetSettings.DEFAULTS, GrokEventListener.none(),
					Clock.systemUTC());
			builder.decorators(List.of(BudgetChatModel.decorator(budgets,
					CostEstimator.of(prices, catalog, PromptTokenEstimator.approximate()::estimate, Clock.systemUTC()),
					TenantResolver.toolContext())));
		}
		this.model = builder.build();
	}

	@Benchmark
	public ChatResponse call() {
		return this.model.call(this.prompt);
	}

	private static ChatResponse answer(Prompt prompt) {
		Map<String, Object> usage = Map.of("prompt_tokens", 100, "completion_tokens", 100, "total_tokens", 200,
				"cost_in_usd_ticks", 3_750_000L);
		return new ChatResponse(List.of(new Generation(new AssistantMessage("42"))),
				ChatResponseMetadata.builder().model("grok-4.3").usage(new DefaultUsage(100, 100, 200, usage)).build());
	}

}
