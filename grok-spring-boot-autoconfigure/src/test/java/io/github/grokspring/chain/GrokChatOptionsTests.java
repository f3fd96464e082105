package io.github.grokspring.chain;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import io.github.grokspring.tool.Mcp;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.model.tool.StructuredOutputChatOptions;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link GrokChatOptions}.
 */
class GrokChatOptionsTests {

	@Test
	void toStringShowsNoSecretsOrContent() {
		GrokChatOptions options = GrokChatOptions.builder()
			.model("grok-4.7")
			.temperature(0.5)
			.maxTokens(100)
			.stopSequences(List.of("hush"))
			.headers(Map.of("authorization", "Bearer hush", "x-team", "hush"))
			.extraBody(Map.of("search", "hush"))
			.toolContext(Map.of("tenant", "hush"))
			.user("hush")
			.conversationId("hush")
			.outputSchema("{\"hush\":1}")
			.serverTools(ServerTool.webSearch(),
					new Mcp("hush", "https://hush.example/hush", null, List.of(), Map.of("x-key", "hush"), "hush"))
			.build();
		assertThat(options.toString()).startsWith("GrokChatOptions[model=grok-4.7, temperature=0.5, maxTokens=100")
			.contains("headers=[authorization, x-team]", "extraBody=[search]", "conversationId=***",
					"serverTools=[mcp, web_search]")
			.doesNotContain("hush", "null");
		assertThat(GrokChatOptions.builder().build()).hasToString("GrokChatOptions[]");
	}

	@Test
	void mutateRetainsAllOptions() {
		GrokChatOptions options = everything().build();
		assertThat(options.mutate().build()).isEqualTo(options).hasSameHashCodeAs(options);
		assertThat(options.mutate().clone().build()).isEqualTo(options);
		assertThat(GrokChatOptions.builder().combineWith(options.mutate()).build()).isEqualTo(options);
	}

	@Test
	void optionsAreNullOrEmptyByDefault() {
		GrokChatOptions options = GrokChatOptions.builder().build();
		assertThat(options).hasAllNullFieldsOrPropertiesExcept("logitBias", "extraBody", "headers", "serverTools",
				"include");
		assertThat(options.getLogitBias()).isEmpty();
		assertThat(options.getExtraBody()).isEmpty();
		assertThat(options.getHeaders()).isEmpty();
		assertThat(options.mutate().build()).isEqualTo(options);
	}

	@Test
	void builtOptionsAreIndependentOfBuilder() {
		GrokChatOptions.Builder builder = everything();
		GrokChatOptions options = builder.build();
		GrokChatOptions before = options.mutate().build();
		builder.combineWith(GrokChatOptions.builder()
			.stopSequences(List.of("b"))
			.toolContext("later", "x")
			.extraBody(Map.of("later", 1))
			.headers(Map.of("Later", "x")));
		assertThat(options).isEqualTo(before);
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> options.getExtraBody().put("x", 1));
		assertThatExceptionOfType(UnsupportedOperationException.class)
			.isThrownBy(() -> options.getStopSequences().add("x"));
	}

	@Test
	void mapsAreCopied() {
		Map<String, Object> extraBody = new HashMap<>(Map.of("a", 1));
		GrokChatOptions.Builder builder = GrokChatOptions.builder().extraBody(extraBody);
		extraBody.put("b", 2);
		assertThat(builder.build().getExtraBody()).containsOnlyKeys("a");
	}

	@Test
	void otherBuilderTakesPrecedenceAndNullIsIgnored() {
		GrokChatOptions combined = everything()
			.combineWith(GrokChatOptions.builder().temperature(0.9).reasoningEffort("high"))
			.build();
		GrokChatOptions expected = everything().temperature(0.9).reasoningEffort("high").build();
		assertThat(combined).isEqualTo(expected);
	}

	@Test
	void combiningDoesNotChangeOtherBuilder() {
		GrokChatOptions.Builder other = everything();
		GrokChatOptions before = other.build();
		GrokChatOptions.builder()
			.stopSequences(List.of("z"))
			.toolCallbacks(tool("z"))
			.extraBody(Map.of("z", 1))
			.combineWith(other);
		assertThat(other.build()).isEqualTo(before);
	}

	@Test
	void stopSequencesAreCombinedWithoutDuplicates() {
		GrokChatOptions combined = GrokChatOptions.builder()
			.stopSequences(List.of("a", "b"))
			.combineWith(ChatOptions.builder().stopSequences(List.of("b", "c")))
			.build();
		assertThat(combined.getStopSequences()).containsExactly("a", "b", "c");
	}

	@Test
	void toolReplacesToolWithSameName() {
		ToolCallback first = tool("search");
		ToolCallback second = tool("search");
		GrokChatOptions combined = GrokChatOptions.builder()
			.toolCallbacks(first, tool("time"))
			.combineWith(ToolCallingChatOptions.builder().toolCallbacks(second))
			.build();
		assertThat(combined.getToolCallbacks()).hasSize(2).contains(second).doesNotContain(first);
	}

	@Test
	void mapsAreMergedByKey() {
		GrokChatOptions combined = GrokChatOptions.builder()
			.extraBody(Map.of("a", 1, "b", 1))
			.headers(Map.of("A", "1"))
			.logitBias(Map.of("1", 1))
			.toolContext("a", 1)
			.combineWith(GrokChatOptions.builder()
				.extraBody(Map.of("b", 2))
				.headers(Map.of("B", "2"))
				.logitBias(Map.of("2", 2))
				.toolContext("b", 2))
			.build();
		assertThat(combined.getExtraBody()).containsOnly(Map.entry("a", 1), Map.entry("b", 2));
		assertThat(combined.getHeaders()).containsOnly(Map.entry("A", "1"), Map.entry("B", "2"));
		assertThat(combined.getLogitBias()).containsOnly(Map.entry("1", 1), Map.entry("2", 2));
		assertThat(combined.getToolContext()).containsOnly(Map.entry("a", 1), Map.entry("b", 2));
	}

	@Test
	void headerNamesAreCaseInsensitive() {
		GrokChatOptions combined = GrokChatOptions.builder()
			.headers(Map.of("Authorization", "Bearer default"))
			.combineWith(GrokChatOptions.builder().headers(Map.of("authorization", "Bearer tenant")))
			.build();
		assertThat(combined.getHeaders()).containsExactly(Map.entry("authorization", "Bearer tenant"));
	}

	@Test
	void schemaOfPortableStructuredOptionsIsUsed() {
		GrokChatOptions combined = GrokChatOptions.builder()
			.combineWith(StructuredOutputChatOptions.builder().temperature(0.3).outputSchema("{}"))
			.build();
		assertThat(combined.getOutputSchema()).isEqualTo("{}");
		assertThat(combined.getTemperature()).isEqualTo(0.3);
	}

	@Test
	void responseFormatReplacesOutputSchema() {
		GrokChatOptions schemaThenText = GrokChatOptions.builder()
			.outputSchema("{}")
			.combineWith(GrokChatOptions.builder().responseFormat("text"))
			.build();
		assertThat(schemaThenText.getOutputSchema()).isNull();
		assertThat(schemaThenText.getResponseFormat()).isEqualTo("text");
		GrokChatOptions textThenSchema = GrokChatOptions.builder()
			.responseFormat("text")
			.combineWith(GrokChatOptions.builder().outputSchema("{}"))
			.build();
		assertThat(textThenSchema.getOutputSchema()).isEqualTo("{}");
	}

	@Test
	void optionCanBeUnset() {
		GrokChatOptions options = everything().build()
			.mutate()
			.temperature(null)
			.reasoningEffort(null)
			.outputSchema(null)
			.toolContext((Map<String, Object>) null)
			.build();
		assertThat(options.getTemperature()).isNull();
		assertThat(options.getReasoningEffort()).isNull();
		assertThat(options.getOutputSchema()).isNull();
		assertThat(options.getToolContext()).isNull();
	}

	@Test
	void serverSideToolsAreCombinedByKey() {
		GrokChatOptions combined = GrokChatOptions.builder()
			.serverTools(ServerTool.webSearch(), ServerTool.mcp("a", "https://a.b"))
			.include("x", "y")
			.combineWith(GrokChatOptions.builder()
				.serverTools(ServerTool.mcp("b", "https://b.c"), ServerTool.webSearch().withAllowedDomains("a.com"))
				.include("y", "z"))
			.build();
		assertThat(combined.getServerTools()).containsExactly(ServerTool.webSearch().withAllowedDomains("a.com"),
				ServerTool.mcp("a", "https://a.b"), ServerTool.mcp("b", "https://b.c"));
		assertThat(combined.getInclude()).containsExactly("x", "y", "z");
	}

	@Test
	void lastToolWithSameKeyWins() {
		ServerTool later = ServerTool.webSearch().withAllowedDomains("a.com");
		assertThat(GrokChatOptions.builder().serverTools(ServerTool.webSearch(), later).build().getServerTools())
			.containsExactly(later);
		assertThat(everything().serverTools(List.of()).build().getServerTools()).isEmpty();
	}

	@Test
	void zeroCacheTtlIsRejected() {
		assertThatExceptionOfType(IllegalArgumentException.class)
			.isThrownBy(() -> GrokChatOptions.builder().cacheTtl(Duration.ZERO))
			.withMessageContaining("CacheMode.BYPASS");
	}

	private static GrokChatOptions.Builder everything() {
		return GrokChatOptions.builder()
			.model("grok-4.5")
			.temperature(0.1)
			.topP(0.2)
			.topK(3)
			.maxTokens(4)
			.presencePenalty(0.5)
			.frequencyPenalty(0.6)
			.stopSequences(new ArrayList<>(List.of("a")))
			.toolCallbacks(TOOL)
			.toolContext("user", "u1")
			.reasoningEffort("low")
			.seed(7)
			.parallelToolCalls(true)
			.toolChoice("required")
			.responseFormat("json_object")
			.outputSchema("{\"type\":\"object\"}")
			.serviceTier("priority")
			.store(false)
			.user("u2")
			.n(8)
			.logprobs(true)
			.topLogprobs(2)
			.conversationId("c1")
			.promptCache(true)
			.api(GrokApi.CHAT_COMPLETIONS)
			.timeout(Duration.ofSeconds(9))
			.encryptedReasoning(true)
			.previousResponseId("r1")
			.maxTurns(3)
			.cacheMode(CacheMode.REFRESH)
			.cacheTtl(Duration.ofMinutes(5))
			.cacheServerTools(true)
			.runawayGuard(false)
			.serverTools(ServerTool.webSearch(), ServerTool.mcp("a", "https://a.b"))
			.include("x")
			.logitBias(Map.of("10", 1))
			.extraBody(Map.of("deferred", true))
			.headers(Map.of("X-Tenant", "t1"));
	}

	private static final ToolCallback TOOL = tool("time");

	private static ToolCallback tool(String name) {
		return FunctionToolCallback.builder(name, () -> "noon")
			.description("tells the time")
			.inputType(Void.class)
			.build();
	}

}
