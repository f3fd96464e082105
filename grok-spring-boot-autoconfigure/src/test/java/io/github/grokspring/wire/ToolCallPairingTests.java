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
 * Tests for {@link ToolCallPairing}.
 */
class ToolCallPairingTests {

	private final Message question = new UserMessage("What time is it?");

	@Test
	void pairedCallsAreUnchanged() {
		List<Message> none = List.of(new SystemMessage("Be brief"), this.question, new AssistantMessage("Noon."));
		assertThat(ToolCallPairing.apply(none)).isEqualTo(none);
		List<Message> tools = List.of(this.question, calls("", "a", "b"), answers("b"), answers("a"),
				new AssistantMessage("Noon."));
		assertThat(ToolCallPairing.apply(tools)).isEqualTo(tools);
	}

	@Test
	void responsesWithoutCallsAreRemoved() {
		Message rest = answers("b");
		assertThat(ToolCallPairing.apply(List.of(answers("a"), this.question, calls("", "b"), answers("a", "b"))))
			.containsExactly(this.question, calls("", "b"), rest);
	}

	@Test
	void callsWithMissingResponsesAreRemovedWithTheirReasoning() {
		assertThat(ToolCallPairing
			.apply(List.of(this.question, calls("Let me see", "a", "b"), answers("a"), this.question)))
			.containsExactly(this.question, new AssistantMessage("Let me see"), this.question);
		assertThat(ToolCallPairing.apply(List.of(this.question, calls("", "a"), this.question)))
			.containsExactly(this.question, this.question);
	}

	@Test
	void responseBeforeItsCallIsRemoved() {
		assertThat(ToolCallPairing.apply(List.of(answers("a"), this.question, calls("", "a"))))
			.containsExactly(this.question);
	}

	@Test
	void reusedIdsAreMatchedWithinTheirTurn() {
		Message text = new AssistantMessage("Noon.");
		assertThat(ToolCallPairing.apply(List.of(this.question, calls("", "call_0"), this.question, calls("", "call_0"),
				answers("call_0"), text)))
			.containsExactly(this.question, this.question, calls("", "call_0"), answers("call_0"), text);
		assertThat(ToolCallPairing
			.apply(List.of(answers("call_0"), text, this.question, calls("", "call_0"), answers("call_0"))))
			.containsExactly(text, this.question, calls("", "call_0"), answers("call_0"));
		assertThat(ToolCallPairing.apply(List.of(this.question, calls("", "call_0"), answers("call_0"), text,
				this.question, calls("", "call_0"))))
			.containsExactly(this.question, calls("", "call_0"), answers("call_0"), text, this.question);
		List<Message> paired = List.of(this.question, calls("", "call_0"), answers("call_0"), text, this.question,
				calls("", "call_0"), answers("call_0"));
		assertThat(ToolCallPairing.apply(paired)).isEqualTo(paired);
	}

	@Test
	void duplicateIdInMessageRequiresTwoResponses() {
		List<Message> paired = List.of(this.question, calls("", "a", "a"), answers("a", "a"));
		assertThat(ToolCallPairing.apply(paired)).isEqualTo(paired);
		assertThat(ToolCallPairing.apply(List.of(this.question, calls("", "a", "a"), answers("a"), this.question)))
			.containsExactly(this.question, this.question);
		assertThat(ToolCallPairing.apply(List.of(this.question, calls("", "a"), answers("a", "a"))))
			.containsExactly(this.question, calls("", "a"), answers("a"));
		assertThat(ToolCallPairing
			.apply(List.of(this.question, calls("", "a"), this.question, calls("", "a"), answers("a"), answers("a"))))
			.containsExactly(this.question, this.question, calls("", "a"), answers("a"));
	}

	@Test
	void parallelCallsOfSeveralMessagesArePaired() {
		List<Message> paired = List.of(this.question, calls("", "a"), calls("", "b"), this.question, answers("b"),
				answers("a"));
		assertThat(ToolCallPairing.apply(paired)).isEqualTo(paired);
	}

	@Test
	void callsWithoutIdsArePairedInOrder() {
		List<Message> paired = ToolCallPairing.apply(List.of(this.question, calls("", "", ""), answers("", ""),
				new AssistantMessage("Noon."), this.question, calls("", ""), answers("")));
		assertThat(paired).hasSize(7);
		List<String> ids = idsOf(paired.get(1));
		assertThat(ids).hasSize(2).doesNotHaveDuplicates().doesNotContain("");
		assertThat(idsOf(paired.get(2))).isEqualTo(ids);
		assertThat(idsOf(paired.get(6))).isEqualTo(idsOf(paired.get(5))).doesNotContainAnyElementsOf(ids);
		assertThat(paired.get(1).getMetadata()).isEqualTo(calls("").getMetadata());
		assertThat(
				ToolCallPairing.apply(List.of(this.question, calls("Let me see", "", ""), answers(""), this.question)))
			.containsExactly(this.question, new AssistantMessage("Let me see"), this.question);
	}

	@Test
	void promptWithoutRemainingMessagesIsRejected() {
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> ToolCallPairing.apply(List.of(new SystemMessage("Be brief"), answers("a"))))
			.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.INVALID_REQUEST))
			.withMessageContaining("chat memory");
	}

	private static List<String> idsOf(Message message) {
		return (message instanceof AssistantMessage assistant)
				? assistant.getToolCalls().stream().map(AssistantMessage.ToolCall::id).toList()
				: ((ToolResponseMessage) message).getResponses()
					.stream()
					.map(ToolResponseMessage.ToolResponse::id)
					.toList();
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
