package io.github.grokspring.fallback;

import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PortablePrompts}.
 */
class PortablePromptsTests {

	private static final ToolCallback TOOL = FunctionToolCallback.builder("weather", (String place) -> "rain")
		.description("The weather")
		.inputType(String.class)
		.build();

	private static final GrokChatOptions REQUESTED = GrokChatOptions.builder()
		.model("grok-4.3")
		.temperature(0.1)
		.topP(0.2)
		.topK(3)
		.maxTokens(400)
		.presencePenalty(0.5)
		.frequencyPenalty(0.6)
		.stopSequences(List.of("END"))
		.toolCallbacks(List.of(TOOL))
		.toolContext(Map.of("tenant", "blue", "io.github.grokspring.cost.CallCostCollector", new Object()))
		.reasoningEffort("high")
		.api(GrokApi.CHAT_COMPLETIONS)
		.headers(Map.of("Authorization", "Bearer xai-secret"))
		.extraBody(Map.of("deferred", true))
		.build();

	@Test
	void portableOptionsOverrideThoseOfTheModel() {
		OpenAiChatOptions target = OpenAiChatOptions.builder()
			.model("gpt-4o")
			.temperature(0.9)
			.stop(List.of("STOP"))
			.reasoningEffort("minimal")
			.user("us")
			.build();
		ChatOptions options = translate(REQUESTED, target).getOptions();
		assertThat(options).isInstanceOfSatisfying(OpenAiChatOptions.class, (openAi) -> {
			assertThat(openAi.getModel()).isEqualTo("gpt-4o");
			assertThat(openAi.getTemperature()).isEqualTo(0.1);
			assertThat(openAi.getTopP()).isEqualTo(0.2);
			assertThat(openAi.getMaxTokens()).isEqualTo(400);
			assertThat(openAi.getPresencePenalty()).isEqualTo(0.5);
			assertThat(openAi.getFrequencyPenalty()).isEqualTo(0.6);
			assertThat(openAi.getStopSequences()).containsExactly("STOP", "END");
			assertThat(openAi.getToolCallbacks()).containsExactly(TOOL);
			assertThat(openAi.getToolContext()).isEqualTo(Map.of("tenant", "blue"));
			assertThat(openAi.getReasoningEffort()).isEqualTo("minimal");
			assertThat(openAi.getUser()).isEqualTo("us");
			assertThat(openAi.toString()).doesNotContain("xai-secret", "grok");
		});
	}

	@Test
	void unsetOptionsKeepThoseOfTheModel() {
		OpenAiChatOptions target = OpenAiChatOptions.builder().model("gpt-4o").temperature(0.9).maxTokens(7).build();
		ChatOptions options = translate(GrokChatOptions.builder().model("grok-4.3").build(), target).getOptions();
		assertThat(options).isEqualTo(target);
	}

	@Test
	void toolsAreKeptForModelsWithDefaultOptions() {
		ChatOptions options = translate(REQUESTED, ChatOptions.builder().model("local").build()).getOptions();
		assertThat(options).isInstanceOfSatisfying(ToolCallingChatOptions.class, (tools) -> {
			assertThat(tools.getModel()).isEqualTo("local");
			assertThat(tools.getTopK()).isEqualTo(3);
			assertThat(tools.getToolCallbacks()).containsExactly(TOOL);
			assertThat(tools.getToolContext()).isEqualTo(Map.of("tenant", "blue"));
		});
		assertThat(options).isNotInstanceOf(GrokChatOptions.class);
	}

	@Test
	void grokModelKeepsTheToolContext() {
		ChatOptions options = translate(REQUESTED, GrokChatOptions.builder().model("grok-4.7").build()).getOptions();
		assertThat(options).isInstanceOfSatisfying(GrokChatOptions.class,
				(grok) -> assertThat(grok.getToolContext()).isEqualTo(REQUESTED.getToolContext()));
	}

	@Test
	void outputSchemaIsKeptIfSupported() {
		String schema = "{\"type\":\"object\",\"properties\":{}}";
		GrokChatOptions requested = GrokChatOptions.builder().model("grok-4.3").outputSchema(schema).build();
		ChatOptions options = translate(requested, OpenAiChatOptions.builder().model("gpt-4o").build()).getOptions();
		assertThat(((OpenAiChatOptions) options).getOutputSchema()).isEqualTo(schema);
	}

	@Test
	void grokMetadataIsRemovedFromMessages() {
		AssistantMessage.ToolCall call = new AssistantMessage.ToolCall("call-1", "function", "weather", "{}");
		AssistantMessage response = AssistantMessage.builder()
			.content("Let me see.")
			.properties(Map.of("grok.encrypted-reasoning", "gAAAA", "reasoning", "hm", "reasoning-delta", "h",
					"reasoningContent", "hm", "citations", List.of("https://example.com"), "signature", "theirs"))
			.toolCalls(List.of(call))
			.build();
		AssistantMessage theirs = AssistantMessage.builder()
			.content("Before.")
			.properties(Map.of("signature", "1"))
			.build();
		List<Message> messages = List.of(new SystemMessage("Be brief."), new UserMessage("Rain?"), theirs, response,
				ToolResponseMessage.builder()
					.responses(List.of(new ToolResponseMessage.ToolResponse("call-1", "weather", "rain")))
					.build());
		List<Message> translated = PortablePrompts
			.translate(new Prompt(messages, REQUESTED), new OtherProvider(ChatOptions.builder().build()))
			.getInstructions();
		assertThat(translated).hasSize(5);
		assertThat(translated.get(0)).isEqualTo(messages.get(0));
		assertThat(translated.get(1)).isEqualTo(messages.get(1));
		assertThat(translated.get(2)).isEqualTo(theirs);
		assertThat(translated.get(4)).isEqualTo(messages.get(4));
		AssistantMessage stripped = (AssistantMessage) translated.get(3);
		assertThat(stripped.getText()).isEqualTo("Let me see.");
		assertThat(stripped.getToolCalls()).containsExactly(call);
		assertThat(stripped.getMetadata()).containsEntry("signature", "theirs")
			.doesNotContainKeys("grok.encrypted-reasoning", "reasoning", "reasoning-delta", "reasoningContent",
					"citations");
		assertThat(response.getMetadata()).containsKey("reasoning");
	}

	private static Prompt translate(GrokChatOptions requested, ChatOptions target) {
		return PortablePrompts.translate(new Prompt("Hello", requested), new OtherProvider(target));
	}

}
