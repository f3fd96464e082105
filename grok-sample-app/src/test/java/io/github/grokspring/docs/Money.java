package io.github.grokspring.docs;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.function.Consumer;

import io.github.grokspring.budget.Budgets;
import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.cost.Cost;
import io.github.grokspring.cost.CostCalculator;
import io.github.grokspring.cost.PriceConditions;
import io.github.grokspring.cost.TenantResolver;
import io.github.grokspring.cost.TokenUsage;
import io.github.grokspring.error.BudgetExceededException;
import io.github.grokspring.event.BudgetThresholdReached;
import io.github.grokspring.event.CostRecorded;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;

/**
 * Code of {@code docs/money.md}.
 */
class Money {

	private final ChatClient chatClient;

	Money(ChatClient chatClient) {
		this.chatClient = chatClient;
	}

	BigDecimal costOf(String question) {
		ChatResponse answer = this.chatClient.prompt().user(question).call().chatResponse();
		Cost cost = answer.getMetadata().get("grok.cost");
		TokenUsage tokens = answer.getMetadata().get("grok.tokens");
		System.out.println(tokens.billedOutput() + " tokens written and thought, $" + cost.usd());
		return cost.usd();
	}

	String askWithin(String question) {
		try {
			return this.chatClient.prompt().user(question).call().content();
		}
		catch (BudgetExceededException ex) {
			return "That was enough for now: " + ex.used() + " of " + ex.limit() + " dollars are spent. Come back at "
					+ ex.resetsAt() + ".";
		}
	}

	List<String> budgets(Budgets budgets) {
		return budgets.status()
			.stream()
			.map((status) -> status.budget() + " of " + status.scopeValue() + ": $" + status.remaining() + " left")
			.toList();
	}

	String askFor(String customer, String question) {
		return this.chatClient.prompt()
			.user(question)
			.advisors((advisors) -> advisors.param("grok.tenant", customer))
			.call()
			.content();
	}

	static class Alarm {

		private final Consumer<String> pager;

		Alarm(Consumer<String> pager) {
			this.pager = pager;
		}

		@EventListener
		void alert(BudgetThresholdReached event) {
			this.pager.accept(event.budget() + " of " + event.scope() + " has reached " + event.percent() + " %");
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Departments {

		@Bean
		TenantResolver departments() {
			return (prompt) -> {
				String id = ((GrokChatOptions) prompt.getOptions()).getConversationId();
				return (id != null) ? id.split("-", 2)[0] : null;
			};
		}

	}

	static class Ledger {

		private final Consumer<String> ledger;

		Ledger(Consumer<String> ledger) {
			this.ledger = ledger;
		}

		@EventListener
		void write(CostRecorded cost) {
			BigDecimal usd = BigDecimal.valueOf(cost.ticks(), 10);
			this.ledger.accept(String.join(";", cost.at().toString(), cost.callId(), cost.client(), cost.model(),
					String.valueOf(cost.tenant()), usd.toPlainString(), cost.source()));
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Negotiated {

		@Bean
		CostCalculator negotiatedPrices(ModelCatalog catalog) {
			CostCalculator list = CostCalculator.of(catalog, PriceConditions.STANDARD);
			return (tokens, model, at, conditions) -> {
				Cost cost = list.price(tokens, model, at, conditions);
				BigDecimal ticks = BigDecimal.valueOf(cost.ticks()).multiply(new BigDecimal("0.85"));
				return (cost.source() == Cost.Source.TABLE)
						? Cost.table(ticks.setScale(0, RoundingMode.HALF_UP).longValue()) : cost;
			};
		}

	}

}
