package io.github.grokspring.cost;

import java.math.BigInteger;
import java.util.HashMap;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.metadata.EmptyUsage;
import org.springframework.ai.chat.metadata.Usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link TokenUsage}.
 */
class TokenUsageTests {

	@Test
	void chatLeavesReasoningOutOfCompletionTokens() {
		TokenUsage tokens = read(chat(204, 192, 0, 1, 82, 287));
		assertThat(tokens).isEqualTo(new TokenUsage(12, 192, 0, 1, 82, Map.of(), false));
		assertThat(tokens.prompt()).isEqualTo(204);
		assertThat(tokens.billedOutput()).isEqualTo(83);
		assertThat(tokens.total()).isEqualTo(287);
	}

	@Test
	void responsesIncludesReasoningInOutputTokens() {
		assertThat(read(responses(199, 128, 184, 181, 383)))
			.isEqualTo(new TokenUsage(71, 128, 0, 3, 181, Map.of(), false));
	}

	@Test
	void imagesAreNoText() {
		assertThat(read(chat(433, 162, 256, 77, 0, 510)))
			.isEqualTo(new TokenUsage(15, 162, 256, 77, 0, Map.of(), false));
	}

	@Test
	void moreCachedTokensThanTheTextHasLeaveNoneUncached() {
		assertThat(read(chat(351, 514, 0, 319, 0, 670))).isEqualTo(new TokenUsage(0, 514, 0, 319, 0, Map.of(), false));
		assertThat(read(chat(400, 300, 256, 1, 0, 401)).input()).isZero();
	}

	@Test
	void whatIsBilledIsTheTotalLessThePromptWhateverTheDetailsSay() {
		assertThat(read(chat(32, 0, 0, 9, 0, 151)).billedOutput()).isEqualTo(119);
		assertThat(read(responses(32, 0, 9, 110, 151))).isEqualTo(new TokenUsage(32, 0, 0, 9, 110, Map.of(), false));
		assertThat(read(chat(10, 0, 0, 50, 40, 60))).isEqualTo(new TokenUsage(10, 0, 0, 10, 40, Map.of(), false));
	}

	@Test
	void withoutATotalThePartsAreAdded() {
		assertThat(read(chat(10, 0, 0, 5, 7, 0)).billedOutput()).isEqualTo(12);
		assertThat(read(responses(10, 0, 12, 7, 0)).billedOutput()).isEqualTo(12);
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 50, 100, 104, 106, 111 })
	void aTotalThatIsTooSmallTakesNoReasoningAway(long total) {
		assertThat(read(chat(100, 0, 0, 5, 7, total))).isEqualTo(new TokenUsage(100, 0, 0, 5, 7, Map.of(), false));
		assertThat(read(responses(100, 0, 12, 7, total))).isEqualTo(new TokenUsage(100, 0, 0, 5, 7, Map.of(), false));
	}

	@Test
	void completionTokensIncludeReasoningWhereTheTotalSaysSo() {
		assertThat(read(chat(100, 0, 0, 7, 5, 107))).isEqualTo(new TokenUsage(100, 0, 0, 2, 5, Map.of(), false));
		assertThat(read(chat(100, 0, 0, 7, 7, 107))).isEqualTo(new TokenUsage(100, 0, 0, 0, 7, Map.of(), false));
	}

	@Test
	void reasoningThatCannotBePartOfTheOutputIsAddedToIt() {
		assertThat(read(chat(10, 0, 0, 5, 500, 15))).isEqualTo(new TokenUsage(10, 0, 0, 5, 500, Map.of(), false));
		assertThat(read(responses(10, 0, 5, 500, 15))).isEqualTo(new TokenUsage(10, 0, 0, 5, 500, Map.of(), false));
		assertThat(read(responses(10, 0, 5, 500, 0))).isEqualTo(new TokenUsage(10, 0, 0, 5, 500, Map.of(), false));
	}

	@Test
	void numbersMayBeLargerThanAnInt() {
		TokenUsage tokens = read(chat(5_000_000_000L, 1_000_000_000L, 0, 3_000_000_000L, 0, 8_000_000_000L));
		assertThat(tokens)
			.isEqualTo(new TokenUsage(4_000_000_000L, 1_000_000_000L, 0, 3_000_000_000L, 0, Map.of(), false));
	}

	@Test
	void numbersLargerThanALongStopAtTheLargest() {
		Map<String, Object> usage = new HashMap<>(chat(1, 0, 0, 0, 0, 0));
		usage.put("prompt_tokens", new BigInteger("18446744073709551615"));
		TokenUsage tokens = read(usage);
		assertThat(tokens.prompt()).isEqualTo(Long.MAX_VALUE);
		assertThat(tokens.total()).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void whatIsNoCountCountsAsNone() {
		Map<String, Object> usage = new HashMap<>(chat(10, 0, 0, 5, 0, 0));
		usage.put("prompt_tokens_details", "none");
		usage.put("completion_tokens_details", Map.of("reasoning_tokens", "many"));
		usage.put("total_tokens", Double.NaN);
		assertThat(read(usage)).isEqualTo(new TokenUsage(10, 0, 0, 5, 0, Map.of(), false));
		usage.put("completion_tokens", -5);
		assertThat(read(usage).output()).isZero();
		usage.put("completion_tokens", new BigInteger("-18446744073709551615"));
		assertThat(read(usage).output()).isZero();
	}

	@Test
	void serverToolsAreCountedByTheirNames() {
		Map<String, Object> usage = new HashMap<>(responses(5913, 2048, 364, 263, 6277));
		usage.put("server_side_tool_usage_details",
				Map.of("web_search_calls", 2, "x_search_calls", 0, "code_interpreter_calls", 1, "file_search_calls", 3,
						"mcp_calls", 4, "document_search_calls", 5, "image_generation_calls", 6, "x_posts_fetched", 70,
						"x_users_fetched", 8, "new_tool_calls", 9));
		assertThat(read(usage).serverToolCalls())
			.isEqualTo(Map.of("web_search", 2L, "code_interpreter", 1L, "file_search", 3L, "mcp", 4L, "document_search",
					5L, "image_generation", 6L, "x_posts_fetched", 70L, "x_users_fetched", 8L, "new_tool", 9L));
	}

	@Test
	void anAnswerWithoutUsageHasNone() {
		assertThat(TokenUsage.from(null)).isNull();
		assertThat(TokenUsage.from(new EmptyUsage())).isNull();
		assertThat(TokenUsage.from(new DefaultUsage(0, 0, 0))).isNull();
		assertThat(read(Map.of())).isNull();
		assertThat(read(Map.of("num_sources_used", 0))).isNull();
	}

	@Test
	void numbersOfSpringAiDoWhereXaisAreMissing() {
		assertThat(TokenUsage.from(new DefaultUsage(100, 45, 145, new Object(), 64L, null)))
			.isEqualTo(new TokenUsage(36, 64, 0, 45, 0, Map.of(), false));
		assertThat(TokenUsage.from(new DefaultUsage(100, 5, 145)))
			.isEqualTo(new TokenUsage(100, 0, 0, 5, 40, Map.of(), false));
		assertThat(TokenUsage.from(new DefaultUsage(10, 5, 15, Map.of("other", 1)))).isNotNull();
	}

	@Test
	void typesOfTokensAreNeverNegative() {
		assertThatIllegalArgumentException().isThrownBy(() -> new TokenUsage(1, 0, -1, 0, 0, Map.of(), false));
	}

	@Test
	void whatXaiReportsIsReadInTicksAndInBillionths() {
		assertThat(reported("cost_in_usd_ticks", 5_743_500)).isEqualTo(5_743_500);
		assertThat(reported("cost_in_usd_ticks", 30_000_000_000L)).isEqualTo(30_000_000_000L);
		assertThat(reported("cost_in_usd_ticks", 1.5e7)).isEqualTo(15_000_000);
		assertThat(reported("cost_in_nano_usd", 574_350)).isEqualTo(5_743_500);
		assertThat(reported("cost_in_nano_usd", Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
	}

	@Test
	void whatIsNoAmountIsNotReported() {
		assertThat(reported("cost_in_usd_ticks", -1)).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(reported("cost_in_usd_ticks", true)).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(reported("cost_in_usd_ticks", "12")).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(reported("cost_in_usd_ticks", 0.5)).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(reported("cost_in_usd_ticks", Double.POSITIVE_INFINITY)).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(XaiUsage.reportedTicks(new EmptyUsage())).isEqualTo(XaiUsage.UNKNOWN);
		assertThat(XaiUsage.reportedTicks(null)).isEqualTo(XaiUsage.UNKNOWN);
	}

	private static long reported(String name, Object value) {
		return XaiUsage.reportedTicks(usage(Map.of("prompt_tokens", 1, name, value)));
	}

	private static TokenUsage read(Map<String, ?> nativeUsage) {
		return TokenUsage.from(usage(nativeUsage));
	}

	private static Usage usage(Map<String, ?> nativeUsage) {
		return new DefaultUsage(0, 0, 0, nativeUsage);
	}

	static Map<String, Object> chat(long prompt, long cached, long image, long completion, long reasoning, long total) {
		return Map.of("prompt_tokens", prompt, "completion_tokens", completion, "total_tokens", total,
				"prompt_tokens_details",
				Map.of("text_tokens", prompt - image, "image_tokens", image, "cached_tokens", cached),
				"completion_tokens_details", Map.of("reasoning_tokens", reasoning));
	}

	static Map<String, Object> responses(long input, long cached, long output, long reasoning, long total) {
		return Map.of("input_tokens", input, "output_tokens", output, "total_tokens", total, "input_tokens_details",
				Map.of("cached_tokens", cached), "output_tokens_details", Map.of("reasoning_tokens", reasoning));
	}

}
