package io.github.grokspring.wire;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.util.StringUtils;

/**
 * Leaves out of a conversation what xAI refuses and a memory may hold: answers of tools
 * whose call has been trimmed away, and calls that were never answered, because a tool
 * failed or the application ended.
 *
 * @since 0.1.0
 */
public final class WholeTurns {

	private WholeTurns() {
	}

	/**
	 * The messages that make whole turns.
	 * @param messages the messages of a prompt
	 * @return the same list if all do
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if none are left
	 * but those of the system
	 */
	public static List<Message> of(List<Message> messages) {
		Set<String> called = new HashSet<>();
		Set<String> answered = new HashSet<>();
		for (Message message : messages) {
			if (message instanceof AssistantMessage assistant && assistant.hasToolCalls()) {
				assistant.getToolCalls().forEach((call) -> called.add(call.id()));
			}
			else if (message instanceof ToolResponseMessage tools) {
				tools.getResponses()
					.stream()
					.map(ToolResponseMessage.ToolResponse::id)
					.filter(called::contains)
					.forEach(answered::add);
			}
		}
		if (isWhole(messages, called, answered)) {
			return messages;
		}
		List<Message> whole = whole(messages, answered);
		if (whole.stream().allMatch(SystemMessage.class::isInstance)) {
			throw GrokApiException.builder(ErrorKind.INVALID_REQUEST,
					"The prompt has calls of tools without their answers, or answers without their calls, and nothing "
							+ "else, so nothing was sent to xAI. A chat memory that takes part in the tool loop must have "
							+ "room for a whole turn: raise its number of messages.")
				.sent(false)
				.build();
		}
		return whole;
	}

	private static boolean isWhole(List<Message> messages, Set<String> called, Set<String> answered) {
		return answered.size() == called.size() && messages.stream()
			.filter(ToolResponseMessage.class::isInstance)
			.allMatch((message) -> ((ToolResponseMessage) message).getResponses()
				.stream()
				.allMatch((response) -> answered.contains(response.id())));
	}

	private static List<Message> whole(List<Message> messages, Set<String> answered) {
		List<Message> whole = new ArrayList<>(messages.size());
		Set<String> called = new HashSet<>();
		for (Message message : messages) {
			if (message instanceof AssistantMessage assistant && assistant.hasToolCalls()) {
				List<String> calls = assistant.getToolCalls().stream().map(AssistantMessage.ToolCall::id).toList();
				if (answered.containsAll(calls)) {
					called.addAll(calls);
					whole.add(message);
				}
				else if (StringUtils.hasText(message.getText())) {
					// Not its reasoning, which led to the calls
					whole.add(new AssistantMessage(message.getText()));
				}
			}
			else if (message.getMessageType() == MessageType.TOOL) {
				List<ToolResponseMessage.ToolResponse> responses = ((ToolResponseMessage) message).getResponses()
					.stream()
					.filter((response) -> called.contains(response.id()))
					.toList();
				if (!responses.isEmpty()) {
					whole.add(
							ToolResponseMessage.builder().responses(responses).metadata(message.getMetadata()).build());
				}
			}
			else {
				whole.add(message);
			}
		}
		return whole;
	}

}
