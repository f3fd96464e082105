package io.github.grokspring.chain;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.metadata.DefaultUsage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ChatResponses}.
 */
class ChatResponsesTests {

	@Test
	void lastElementHasFinishReasonOrTransportMetadata() {
		assertThat(ChatResponses.isLast(answer("text", null))).isFalse();
		assertThat(ChatResponses.isLast(answer("", "STOP"))).isTrue();
		ChatResponse ofTransport = new ChatResponse(List.of(),
				ChatResponseMetadata.builder().keyValue("grok.requested-model", "grok-4.3").build());
		assertThat(ChatResponses.isLast(ofTransport)).isTrue();
		assertThat(ChatResponses.isLast(new ChatResponse(List.of()))).isFalse();
	}

	@Test
	void textReasoningAndToolCallsAreContent() {
		assertThat(ChatResponses.hasContent(answer("text", null))).isTrue();
		assertThat(ChatResponses.hasContent(answer("", "STOP"))).isFalse();
		assertThat(ChatResponses
			.hasContent(of(AssistantMessage.builder().content("").properties(Map.of("reasoning-delta", "hm")).build())))
			.isTrue();
		assertThat(ChatResponses.hasContent(of(AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "weather", "{}")))
			.build()))).isTrue();
	}

	@Test
	void entryIsAddedToCopy() {
		ChatResponse answer = new ChatResponse(answer("text", "STOP").getResults(),
				ChatResponseMetadata.builder()
					.id("1")
					.model("grok-4.3")
					.usage(new DefaultUsage(1, 2, 3))
					.keyValue("created", 5L)
					.build());
		ChatResponse with = ChatResponses.with(answer, "grok.attempts", 2);
		assertThat(with.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
		assertThat(with.getMetadata().<Long>get("created")).isEqualTo(5L);
		assertThat(with.getMetadata()).isEqualTo(answer.getMetadata());
		assertThat(with.getResults()).isEqualTo(answer.getResults());
		assertThat(answer.getMetadata().containsKey("grok.attempts")).isFalse();
		assertThat(ChatResponses.with(with, "grok.attempts", 3).getMetadata().<Integer>get("grok.attempts"))
			.isEqualTo(3);
	}

	private static ChatResponse answer(String text, String finishReason) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text),
				ChatGenerationMetadata.builder().finishReason(finishReason).build())));
	}

	private static ChatResponse of(AssistantMessage message) {
		return new ChatResponse(List.of(new Generation(message)));
	}

}
