package io.github.grokspring.wire;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.ai.chat.messages.UserMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link WholeTurns}.
 */
class WholeTurnsTests {

	private final Message question = new UserMessage("What time is it?");

	@Test
	void wholeTurnsAreNotEvenCopied() {
		List<Message> none = List.of(new SystemMessage("Be brief"), this.question, new AssistantMessage("Noon."));
		assertThat(WholeTurns.of(none)).isSameAs(none);
		List<Message> tools = List.of(this.question, calls("", "a", "b"), answers("b"), answers("a"),
				new AssistantMessage("Noon."));
		assertThat(WholeTurns.of(tools)).isSameAs(tools);
	}

	@Test
	void answersWithoutTheirCallsAreLeftOut() {
		Message rest = answers("b");
		assertThat(WholeTurns.of(List.of(answers("a"), this.question, calls("", "b"), answers("a", "b"))))
			.containsExactly(this.question, calls("", "b"), rest);
	}

	@Test
	void callsWithoutAllOfTheirAnswersAreLeftOutTogetherWithTheirReasoning() {
		assertThat(WholeTurns.of(List.of(this.question, calls("Let me see", "a", "b"), answers("a"), this.question)))
			.containsExactly(this.question, new AssistantMessage("Let me see"), this.question);
		assertThat(WholeTurns.of(List.of(this.question, calls("", "a"), this.question))).containsExactly(this.question,
				this.question);
	}

	@Test
	void anAnswerBeforeItsCallIsNone() {
		assertThat(WholeTurns.of(List.of(answers("a"), this.question, calls("", "a")))).containsExactly(this.question);
	}

	@Test
	void whereNothingIsLeftThatIsSaid() {
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> WholeTurns.of(List.of(new SystemMessage("Be brief"), answers("a"))))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
			.withMessageContaining("chat memory");
	}

	private static AssistantMessage calls(String text, String... ids) {
		return AssistantMessage.builder()
			.content(text)
			.properties(Map.of("grok.reasoning-items", List.of("{}")))
			.toolCalls(Stream.of(ids).map((id) -> new AssistantMessage.ToolCall(id, "function", "now", "{}")).toList())
			.build();
	}

	private static ToolResponseMessage answers(String... ids) {
		return ToolResponseMessage.builder()
			.responses(Stream.of(ids).map((id) -> new ToolResponseMessage.ToolResponse(id, "now", "12:00")).toList())
			.build();
	}

}
