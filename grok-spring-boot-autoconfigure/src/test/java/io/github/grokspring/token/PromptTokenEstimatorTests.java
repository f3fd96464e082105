package io.github.grokspring.token;

import java.util.List;
import java.util.Map;

import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link PromptTokenEstimator}.
 */
class PromptTokenEstimatorTests {

	private final PromptTokenEstimator estimator = PromptTokenEstimator.approximate();

	@ParameterizedTest
	@CsvSource({ "'', 4", "a, 5", "abcd, 5", "abcde, 6", "Größe, 6", "привет, 7", "東京タワー, 9", "😀, 6" })
	void countsCharactersByScript(String text, long tokens) {
		assertThat(this.estimator.estimate(new Prompt(text))).isEqualTo(tokens);
	}

	@Test
	void imageReturnedByToolCountsAsImage() {
		String picture = "{\"mimeType\":\"image/png\",\"data\":\"" + "A".repeat(400_000) + "\"}";
		assertThat(PromptTokenEstimator.approximate().estimate(new Prompt(List.of(toolResponse(picture)))))
			.isBetween((long) PromptTokenEstimator.LARGEST_IMAGE, PromptTokenEstimator.LARGEST_IMAGE + 100L);
		assertThat(PromptTokenEstimator.approximate()
			.estimate(new Prompt(List.of(toolResponse(picture.replace("image", "audio")))))).isGreaterThan(50_000);
	}

	private static Message toolResponse(String data) {
		return ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("1", "camera", data)))
			.build();
	}

	@Test
	void countsEveryMessage() {
		assertThat(estimate(new SystemMessage("abcd"), new UserMessage("abcd"), new AssistantMessage("abcd")))
			.isEqualTo(15);
	}

	@Test
	void imageCountsAsLargest() {
		Media image = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[] { 1 }));
		assertThat(estimate(UserMessage.builder().text("abcd").media(image, image).build())).isEqualTo(5 + 2 * 1_792);
	}

	@Test
	void countsToolCallsAndResponses() {
		Message call = AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "time", "{\"zone\":1}")))
			.build();
		assertThat(estimate(call)).isEqualTo(4 + 8 + 1 + 3);
		assertThat(estimate(ToolResponseMessage.builder()
			.responses(List.of(new ToolResponseMessage.ToolResponse("1", "time", "noon")))
			.build())).isEqualTo(4 + 4 + 1);
	}

	@Test
	void countsToolsAndSchemas() {
		GrokChatOptions options = GrokChatOptions.builder().model("grok-4.3").outputSchema("{\"a\":1}").build();
		long schema = this.estimator.estimate(new Prompt("abcd", options));
		assertThat(schema).isEqualTo(7);
		GrokChatOptions tools = options.mutate()
			.toolCallbacks(List.of(FunctionToolCallback.builder("time", (String zone) -> "noon")
				.description("Tells the time")
				.inputType(String.class)
				.inputSchema("{\"type\":\"string\"}")
				.build()))
			.build();
		assertThat(this.estimator.estimate(new Prompt("abcd", tools))).isEqualTo(24);
	}

	@Test
	void emptyPromptHasOneToken() {
		assertThat(this.estimator.estimate(new Prompt(List.of()))).isEqualTo(1);
	}

	@Test
	void countsEncryptedReasoning() {
		String item = "{\"type\":\"reasoning\",\"encrypted_content\":\"";
		Message answer = AssistantMessage.builder()
			.content("abcd")
			.properties(Map.of("grok.reasoning-items",
					List.of(item + "x".repeat(1_600 - item.length() - 2) + "\"}", "message", "function_call")))
			.build();
		assertThat(estimate(answer)).isEqualTo(5 + 300);
	}

	@Test
	void countsEncryptedReasoningOfEarlierTurnOnlyIfSent() {
		String item = "{\"type\":\"reasoning\",\"encrypted_content\":\"" + "x".repeat(1_557) + "\"}";
		Message question = new UserMessage("abcd");
		Message kept = answer(List.of(item, "message"));
		Message ofItsTurn = answer(List.of("turn", item, "message"));
		assertThat(estimate(question, ofItsTurn)).isEqualTo(2 * 5 + 300);
		assertThat(estimate(question, ofItsTurn, question)).isEqualTo(3 * 5);
		assertThat(estimate(question, kept, question)).isEqualTo(3 * 5 + 300);
		assertThat(estimate(question, ofItsTurn, question, ofItsTurn)).isEqualTo(4 * 5 + 300);
	}

	private static Message answer(List<String> items) {
		return AssistantMessage.builder().content("abcd").properties(Map.of("grok.reasoning-items", items)).build();
	}

	@Test
	void countsAllTextsAsOne() {
		PromptTokenEstimator counting = PromptTokenEstimator.counting(RemoteTokenizerTests.localPlus(1_000));
		assertThat(counting.estimate(new Prompt(List.of(new SystemMessage("word"), new UserMessage("word")))))
			.isEqualTo(8 + 4 + 1_000);
	}

	@Test
	void upperBoundExceedsCount() {
		Prompt prompt = new Prompt(List.of(new SystemMessage("東京タワー"), new UserMessage("Größe 😀"),
				AssistantMessage.builder()
					.content("")
					.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "time", "{\"zone\":1}")))
					.build()));
		assertThat(PromptTokenEstimator.upperBound().estimate(prompt)).isGreaterThan(this.estimator.estimate(prompt))
			.isGreaterThan(PromptTokenEstimator.counting(new LocalTokenizer()).estimate(prompt));
	}

	private long estimate(Message... messages) {
		return this.estimator.estimate(new Prompt(List.of(messages)));
	}

}
