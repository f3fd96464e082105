package io.github.grokspring.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

import io.github.grokspring.catalog.Prices;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Ticks;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CostCalculator}.
 */
class CostCalculatorTests {

	private static final Instant NOW = TestCatalog.NOW;

	private static final Instant BEFORE_ITEMS = Instant.parse("2026-09-20T23:59:59Z");

	private static final BigDecimal LARGEST = BigDecimal.valueOf(Long.MAX_VALUE);

	private static final Map<String, Long> FEES = Map.of("web_search", 50_000_000L, "x_posts_fetched", 50_000_000L,
			"x_users_fetched", 100_000_000L, "code_interpreter", 50_000_000L, "document_search", 50_000_000L,
			"file_search", 25_000_000L, "image_generation", 400_000_000L);

	private final CostCalculator calculator = CostCalculator.of(TestCatalog.create(), PriceConditions.STANDARD);

	@Test
	void everyTypeOfTokenHasItsPrice() {
		Cost cost = price(new TokenUsage(71, 128, 256, 3, 181, Map.of(), false));
		assertThat(cost.ticks()).isEqualTo(71 * 12_500 + 128 * 2_000 + 256 * 12_500 + 184 * 25_000);
		assertThat(cost.source()).isEqualTo(Cost.Source.TABLE);
		assertThat(cost.tableTicks()).isEqualTo(cost.ticks());
	}

	@Test
	void aTickIsATenBillionthOfADollar() {
		assertThat(Cost.table(5_743_500).usd()).isEqualByComparingTo("0.00057435");
		assertThat(Cost.table(Cost.TICKS_PER_USD).usd()).isEqualByComparingTo("1");
		assertThat(Cost.table(Long.MAX_VALUE).usd()).isEqualByComparingTo("922337203.6854775807");
	}

	@Test
	void fromTheThresholdOnAllTokensHaveTheLongContextPrice() {
		assertThat(price(input(199_999)).ticks()).isEqualTo(199_999L * 12_500);
		assertThat(price(input(200_000)).ticks()).isEqualTo(200_000L * 25_000);
		assertThat(price(new TokenUsage(1, 199_998, 1, 10, 5, Map.of(), false)).ticks())
			.isEqualTo(25_000 + 199_998L * 4_000 + 25_000 + 15 * 50_000);
	}

	@Test
	void theLargestTurnTellsWhetherAPromptIsLong() {
		PriceConditions turns = PriceConditions.STANDARD.withContextTokens(150_000);
		assertThat(price(input(300_000), NOW, turns).ticks()).isEqualTo(300_000L * 12_500);
		assertThat(price(input(300_000), NOW, turns.withContextTokens(200_000)).ticks()).isEqualTo(300_000L * 25_000);
	}

	@Test
	void outputDoesNotCountTowardsTheThreshold() {
		assertThat(price(new TokenUsage(1, 0, 0, 300_000, 0, Map.of(), false)).ticks())
			.isEqualTo(12_500 + 300_000L * 25_000);
	}

	@Test
	void priorityIsTwiceThePriceOfTokensAndNotOfTools() {
		TokenUsage tokens = new TokenUsage(100, 0, 0, 10, 0, Map.of("web_search", 2L), false);
		assertThat(price(tokens, NOW, new PriceConditions(true, false, false)).ticks())
			.isEqualTo(2 * (100 * 12_500 + 10 * 25_000) + 2 * 50_000_000);
	}

	@Test
	void fastIsAnotherNameOfPriority() {
		assertThat(PriceConditions.ofTier("fast")).isEqualTo(PriceConditions.ofTier("priority"));
		assertThat(PriceConditions.ofTier("default")).isEqualTo(PriceConditions.STANDARD);
	}

	@Test
	void aBatchHasTheDiscountOfItsModel() {
		TokenUsage tokens = new TokenUsage(12, 192, 0, 1, 82, Map.of(), false);
		PriceConditions batch = new PriceConditions(false, true, false);
		assertThat(price(tokens, NOW, batch).ticks()).isEqualTo(2_087_200);
		assertThat(this.calculator.price(tokens, "dated", NOW, batch).ticks()).isEqualTo(2_609_000);
	}

	@Test
	void theHostInTheUsIsATenthDearer() {
		CostCalculator us = CostCalculator.of(TestCatalog.create(), new PriceConditions(false, false, true));
		assertThat(us.price(input(1000), "tiered", NOW, PriceConditions.STANDARD).ticks()).isEqualTo(13_750_000);
		assertThat(us.price(input(1000), "tiered", NOW, PriceConditions.ofTier("priority")).ticks())
			.isEqualTo(27_500_000);
	}

	@Test
	void halfATickIsRoundedUp() {
		assertThat(Ticks.share(5, 1100)).isEqualTo(6);
		assertThat(Ticks.share(4, 1100)).isEqualTo(4);
		assertThat(Ticks.share(1, 500)).isEqualTo(1);
		assertThat(Ticks.share(1, 499)).isZero();
		assertThat(Ticks.share(Long.MAX_VALUE, 1000)).isEqualTo(Long.MAX_VALUE);
		assertThat(Ticks.share(Long.MAX_VALUE, 1001)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void pricesAreThoseOfTheTimeOfTheCall() {
		assertThat(this.calculator.price(input(1), "dated", TestCatalog.CHANGE, PriceConditions.STANDARD).ticks())
			.isEqualTo(12_500);
		assertThat(this.calculator.price(input(1), "dated", TestCatalog.CHANGE.minusNanos(1), PriceConditions.STANDARD)
			.ticks()).isEqualTo(20_000);
	}

	@Test
	void toolsHaveFees() {
		Map<String, Long> calls = Map.of("web_search", 2L, "code_interpreter", 1L, "document_search", 1L, "file_search",
				2L, "mcp", 7L, "unheard_of", 7L);
		assertThat(price(tools(calls)).ticks()).isEqualTo(250_000_000);
	}

	@Test
	void feesOfTheApplicationGoBeforeThoseOfTheCatalogueHoweverTheToolIsSpelt() {
		CostCalculator own = CostCalculator.of(TestCatalog.create(), PriceConditions.STANDARD,
				Map.of("web-search", 70_000_000L, "MCP", 1L, "x_posts_fetched", 0L));
		Map<String, Long> calls = Map.of("web_search", 2L, "mcp", 3L, "x_posts_fetched", 10L, "file_search", 1L);
		assertThat(own.price(tools(calls), "tiered", NOW, PriceConditions.STANDARD).ticks())
			.isEqualTo(140_000_000 + 3 + 25_000_000);
	}

	@Test
	void xSearchIsBilledByCallsAndSinceSeptemberByWhatItFetches() {
		Map<String, Long> calls = Map.of("x_search", 3L, "x_posts_fetched", 20L, "x_users_fetched", 4L);
		assertThat(price(tools(calls), BEFORE_ITEMS, PriceConditions.STANDARD).ticks()).isEqualTo(150_000_000);
		assertThat(price(tools(calls)).ticks()).isEqualTo(20 * 50_000_000L + 4 * 100_000_000L);
	}

	@Test
	void amountsThatDoNotFitStopAtTheLargest() {
		assertThat(price(input(Long.MAX_VALUE)).ticks()).isEqualTo(Long.MAX_VALUE);
		assertThat(price(new TokenUsage(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE,
				Map.of("web_search", Long.MAX_VALUE), false), NOW, new PriceConditions(true, true, true))
			.ticks()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void aModelWithoutPriceCostsNobodyKnowsWhat() {
		for (String model : List.of("unpriced", "unheard-of")) {
			assertThat(this.calculator.price(input(1), model, NOW, PriceConditions.STANDARD)).isEqualTo(Cost.NONE);
		}
		assertThat(Cost.NONE.tableTicks()).isEqualTo(-1);
	}

	@Test
	void anEstimateIsTheMostThatAPromptMayCost() {
		GrokChatOptions options = GrokChatOptions.builder().model("tiered").serviceTier("priority").n(3).build();
		Cost cost = this.calculator.estimate(new Prompt("hello", options), 1000, 200, NOW);
		assertThat(cost.ticks()).isEqualTo(2 * (1000 * 12_500 + 3 * 200 * 25_000));
		Prompt unpriced = new Prompt("hello", GrokChatOptions.builder().model("unpriced").build());
		assertThat(this.calculator.estimate(unpriced, 1000, 200, NOW)).isEqualTo(Cost.NONE);
		assertThat(this.calculator.estimate(new Prompt("hello"), 1000, 200, NOW)).isEqualTo(Cost.NONE);
	}

	@Test
	void agreesWithExactArithmetic() {
		Random random = new Random(20261120);
		for (int i = 0; i < 10_000; i++) {
			TokenUsage tokens = tokens(random);
			PriceConditions conditions = new PriceConditions(random.nextBoolean(), random.nextBoolean(),
					random.nextBoolean());
			assertThat(price(tokens, NOW, conditions).ticks()).as("%s %s", tokens, conditions)
				.isEqualTo(expected(tokens, conditions));
		}
	}

	/**
	 * The same in arithmetic that is neither clever nor bounded: dollars per million.
	 */
	private static long expected(TokenUsage tokens, PriceConditions conditions) {
		BigDecimal prompt = BigDecimal.valueOf(tokens.input())
			.add(BigDecimal.valueOf(tokens.cachedInput()))
			.add(BigDecimal.valueOf(tokens.imageInput()));
		boolean longContext = prompt.compareTo(BigDecimal.valueOf(200_000)) >= 0;
		Prices.TokenPrices prices = longContext ? TestCatalog.LONG_CONTEXT : TestCatalog.PRICES;
		BigDecimal usd = usd(tokens.input(), prices.input()).add(usd(tokens.cachedInput(), prices.cachedInput()))
			.add(usd(tokens.imageInput(), prices.imageInput()))
			.add(usd(tokens.output(), prices.output()))
			.add(usd(tokens.reasoning(), prices.output()));
		if (usd.movePointRight(10).compareTo(LARGEST) >= 0) {
			return Long.MAX_VALUE;
		}
		usd = usd.multiply(new BigDecimal(conditions.priority() ? "2" : "1"))
			.multiply(new BigDecimal(conditions.batch() ? "0.8" : "1"))
			.multiply(new BigDecimal(conditions.usHost() ? "1.1" : "1"));
		BigDecimal ticks = usd.movePointRight(10).setScale(0, RoundingMode.HALF_UP);
		for (Map.Entry<String, Long> call : tokens.serverToolCalls().entrySet()) {
			ticks = ticks.add(BigDecimal.valueOf(FEES.getOrDefault(call.getKey(), 0L))
				.multiply(BigDecimal.valueOf(call.getValue())));
		}
		return ticks.min(LARGEST).longValueExact();
	}

	private static BigDecimal usd(long tokens, long ticksPerToken) {
		BigDecimal perMillion = BigDecimal.valueOf(ticksPerToken, 4);
		return perMillion.multiply(BigDecimal.valueOf(tokens)).movePointLeft(6);
	}

	private static TokenUsage tokens(Random random) {
		Map<String, Long> calls = new HashMap<>();
		for (String tool : List.of("web_search", "x_search", "x_posts_fetched", "x_users_fetched", "code_interpreter",
				"document_search", "file_search", "image_generation", "mcp")) {
			if (random.nextInt(8) == 0) {
				calls.put(tool, count(random));
			}
		}
		return new TokenUsage(count(random), count(random), count(random), count(random), count(random), calls, false);
	}

	/**
	 * Of every size: small, around the threshold, beyond an int, near the end of a long.
	 */
	private static long count(Random random) {
		return switch (random.nextInt(6)) {
			case 0 -> 0;
			case 1 -> random.nextInt(1000);
			case 2 -> 199_990 + random.nextInt(20);
			case 3 -> random.nextLong(1L << 33);
			case 4 -> random.nextLong(1L << 48);
			default -> random.nextLong(Long.MAX_VALUE) >>> random.nextInt(63);
		};
	}

	private Cost price(TokenUsage tokens) {
		return price(tokens, NOW, PriceConditions.STANDARD);
	}

	private Cost price(TokenUsage tokens, Instant at, PriceConditions conditions) {
		return this.calculator.price(tokens, "tiered", at, conditions);
	}

	private static TokenUsage input(long tokens) {
		return new TokenUsage(tokens, 0, 0, 0, 0, Map.of(), false);
	}

	private static TokenUsage tools(Map<String, Long> calls) {
		return new TokenUsage(0, 0, 0, 0, 0, calls, false);
	}

}
