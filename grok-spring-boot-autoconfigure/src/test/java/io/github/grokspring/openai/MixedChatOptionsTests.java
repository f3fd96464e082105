package io.github.grokspring.openai;

import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.ClientInvocation;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.RecordingChatModel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.springframework.ai.tool.ToolCallback;
import org.springframework.ai.tool.function.FunctionToolCallback;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for portable, OpenAI and Grok options in one application.
 */
class MixedChatOptionsTests {

	private final RecordingChatModel transport = new RecordingChatModel();

	private final ToolCallback tool = FunctionToolCallback.builder("time", () -> "noon")
		.description("tells the time")
		.inputType(Void.class)
		.build();

	private final GrokChatModel model = GrokChatModel.builder("recording", this.transport)
		.options(GrokChatOptions.builder()
			.model("grok-4.3")
			.temperature(0.2)
			.maxTokens(100)
			.stopSequences(List.of("END"))
			.toolCallbacks(List.of(this.tool))
			.reasoningEffort("low")
			.conversationId("c1")
			.build())
		.build();

	@ParameterizedTest
	@EnumSource
	void openAiOptionsWithoutModelKeepModelAndTimeoutOfClient(ClientInvocation way) {
		way.invoke(this.model, OpenAiChatOptions.builder().topP(0.5).build());
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions().mutate().topP(0.5).build());
		assertThat(this.transport.options().getTimeout()).isNull();
	}

	@ParameterizedTest
	@EnumSource
	void openAiOptionsTakePrecedenceOverDefaults(ClientInvocation way) {
		way.invoke(this.model,
				OpenAiChatOptions.builder()
					.model("grok-4.5")
					.maxCompletionTokens(7)
					.reasoningEffort("high")
					.stop(List.of("END"))
					.toolCallbacks(List.of(this.tool))
					.serviceTier("priority")
					.build());
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions()
			.mutate()
			.model("grok-4.5")
			.maxTokens(7)
			.reasoningEffort("high")
			.serviceTier("priority")
			.build());
	}

	@ParameterizedTest
	@EnumSource
	void tokenLimitIsSentOnceWhicheverOptionsSetIt(ClientInvocation way) {
		GrokChatModel openAiDefaults = GrokChatModel.builder("recording", this.transport)
			.options(this.model.getOptions()
				.mutate()
				.combineWith(OpenAiChatOptions.builder().maxCompletionTokens(50))
				.build())
			.build();
		assertThat(openAiDefaults.getOptions().getMaxTokens()).isEqualTo(50);
		way.invoke(openAiDefaults, ChatOptions.builder().maxTokens(7).build());
		assertThat(this.transport.options().getMaxTokens()).isEqualTo(7);
		assertThat(this.transport.options().getExtraBody()).isEmpty();
	}

	@ParameterizedTest
	@EnumSource
	void secondTokenLimitMovesToExtraBody(ClientInvocation way) {
		ChatOptions.Builder<?> both = OpenAiChatOptions.builder()
			.maxTokens(5)
			.combineWith(OpenAiChatOptions.builder().maxCompletionTokens(6));
		way.invoke(this.model, GrokChatOptions.builder().combineWith(both).build());
		assertThat(this.transport.options().getMaxTokens()).isEqualTo(6);
		assertThat(this.transport.options().getExtraBody()).isEqualTo(Map.of("max_tokens", 5));
	}

	@ParameterizedTest
	@EnumSource
	void optionsOfAllKindsAreMerged(ClientInvocation way) {
		ChatOptions mixed = GrokChatOptions.builder()
			.conversationId("c2")
			.combineWith(OpenAiChatOptions.builder().seed(5).temperature(0.7))
			.combineWith(ChatOptions.builder().temperature(0.9))
			.build();
		way.invoke(this.model, mixed);
		assertThat(this.transport.options())
			.isEqualTo(this.model.getOptions().mutate().conversationId("c2").seed(5).temperature(0.9).build());
	}

	@Test
	void optionsOfCallAndPromptAreMerged() {
		ChatClient client = ChatClient.builder(this.model).defaultOptions(GrokChatOptions.builder().user("u1")).build();
		client.prompt(new Prompt("hello", OpenAiChatOptions.builder().seed(5).build())).call().content();
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions().mutate().user("u1").seed(5).build());
		client.prompt("hello").call().content();
		assertThat(this.transport.options()).isEqualTo(this.model.getOptions().mutate().user("u1").build());
	}

	@Test
	void toolsOfClientTakePrecedenceOverToolsOfOptions() {
		ChatClient.create(this.model)
			.prompt("hello")
			.options(OpenAiChatOptions.builder().toolContext(Map.of("a", 1)))
			.toolCallbacks(this.tool)
			.call()
			.content();
		assertThat(this.transport.options().getToolCallbacks()).containsExactly(this.tool);
		assertThat(this.transport.options().getToolContext()).containsEntry("a", 1);
	}

	@Test
	void structuredOutputKeepsOpenAiOptionsOfTheCall() {
		RecordingChatModel answering = new RecordingChatModel("{\"name\":\"Ada\"}");
		GrokChatModel structured = GrokChatModel.builder("recording", answering)
			.options(this.model.getOptions())
			.build();
		Person person = ChatClient.create(structured)
			.prompt("who?")
			.options(OpenAiChatOptions.builder().seed(5))
			.call()
			.entity(Person.class, (spec) -> spec.useProviderStructuredOutput());
		assertThat(person).isEqualTo(new Person("Ada"));
		assertThat(answering.options().getOutputSchema()).contains("\"name\"");
		assertThat(answering.options().getSeed()).isEqualTo(5);
		assertThat(answering.options().getModel()).isEqualTo("grok-4.3");
	}

	private record Person(String name) {

	}

}
