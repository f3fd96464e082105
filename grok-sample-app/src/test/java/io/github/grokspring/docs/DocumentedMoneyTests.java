package io.github.grokspring.docs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import io.github.grokspring.budget.BudgetStatus;
import io.github.grokspring.budget.Budgets;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.test.XaiServer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs the code that {@code docs/money.md} shows.
 */
@Timeout(120)
class DocumentedMoneyTests {

	private final ApplicationContextRunner application = new ApplicationContextRunner()
		.withUserConfiguration(DocsApplication.class)
		.withBean(XaiServer.class, XaiServer::start);

	@Test
	void costOfAnAnswerAndTheLedger() {
		List<String> lines = new ArrayList<>();
		this.application.withBean(Money.Ledger.class, () -> new Money.Ledger(lines::add)).run((context) -> {
			context.getBean(XaiServer.class).answers("Four").usage(200, 1).reasoningTokens(81).cachedTokens(192);
			assertThat(new Money(context.getBean(ChatClient.class)).costOf("2 + 2?")).isEqualByComparingTo("0.0002534");
			assertThat(lines).hasSize(1);
			assertThat(lines.get(0)).endsWith(";default;grok-4.3;null;0.0002534000;reported");
		});
	}

	@Test
	void negotiatedPrices() {
		this.application.withUserConfiguration(Money.Negotiated.class)
			.run((context) -> assertThat(context.getBean(CostCalculator.class)
				.price(new TokenUsage(100, 0, 0, 0, 0, Map.of(), false), "grok-4.3", Instant.now(),
						PriceConditions.STANDARD)
				.ticks()).isEqualTo(1_062_500));
	}

	@Test
	void budgetsOfCustomers() {
		List<String> pages = new ArrayList<>();
		this.application.withBean(Money.Alarm.class, () -> new Money.Alarm(pages::add))
			.withPropertyValues("grok.budgets.each-customer.limit=0.50", "grok.budgets.each-customer.scope=tenant")
			.run((context) -> {
				Money money = new Money(context.getBean(ChatClient.class));
				context.getBean(XaiServer.class).answers("Four").usage(100_000, 110_000);
				assertThat(money.askFor("acme", "2 + 2?")).isEqualTo("Four");
				assertThat(pages).containsExactly("each-customer of acme has reached 80 %");
				assertThat(money.budgets(context.getBean(Budgets.class)))
					.containsExactly("each-customer of acme: $0.1000000000 left");
			});
	}

	@Test
	void theLimitIsReached() {
		this.application.withPropertyValues("grok.budgets.daily.limit=0.50").run((context) -> {
			Money money = new Money(context.getBean(ChatClient.class));
			context.getBean(XaiServer.class).answers("Four").usage(200_000, 200_000);
			assertThat(money.askWithin("2 + 2?")).isEqualTo("Four");
			assertThat(money.askWithin("2 + 2?")).startsWith("That was enough for now: 1.5000000000 of 0.5000000000")
				.contains("Come back at 20");
			assertThat(context.getBean(XaiServer.class).requestCount()).isOne();
		});
	}

	@Test
	void tenantsOfOnesOwn() {
		this.application.withUserConfiguration(Money.Departments.class)
			.withPropertyValues("grok.budgets.each.limit=1", "grok.budgets.each.scope=tenant")
			.run((context) -> {
				ChatClient client = context.getBean(ChatClient.class);
				client.prompt("Hello").options(GrokChatOptions.builder().conversationId("sales-17")).call().content();
				client.prompt("Hello").call().content();
				assertThat(context.getBean(Budgets.class).status()).extracting(BudgetStatus::scopeValue)
					.containsExactlyInAnyOrder("sales", "unknown");
			});
	}

}
