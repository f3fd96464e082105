package io.github.grokspring.docs;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

}
