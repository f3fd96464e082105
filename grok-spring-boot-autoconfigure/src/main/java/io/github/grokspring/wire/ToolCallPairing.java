package io.github.grokspring.wire;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.ToolResponseMessage;
import org.springframework.util.StringUtils;

/**
 * Removes from a conversation what xAI refuses and a memory may hold: tool responses
 * whose call has been trimmed away, and tool calls that were never answered, because a
 * tool failed or the application ended.
 * <p>
 * Each assistant message is paired with the tool messages that follow it, because some
 * models begin their ids anew with every turn: a response belongs to the latest message
 * that called with its id and, if that called with it several times, to the next of those
 * calls. Calls without an id are answered in order and get one.
 *
 * @since 0.1.0
 */
public final class ToolCallPairing {

	private static final String NO_ID = "";

	private final List<Message> messages;

	/** The calls of each message. */
	private final List<List<Call>> calls;

	/** The call that each response of each message answers. */
	private final List<List<@Nullable Call>> answered;

	private boolean changed;

	private ToolCallPairing(List<Message> messages) {
		this.messages = messages;
		this.calls = new ArrayList<>(messages.size());
		this.answered = new ArrayList<>(messages.size());
	}

	/**
	 * Returns the messages that form whole turns.
	 * @param messages the messages of a prompt
	 * @return the same list if all do
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if none are left
	 * but those of the system
	 */
	public static List<Message> apply(List<Message> messages) {
		if (!containTools(messages)) {
			return messages;
		}
		ToolCallPairing pairing = new ToolCallPairing(messages);
		pairing.pair();
		return pairing.changed ? pairing.rebuild() : messages;
	}

	private static boolean containTools(List<Message> messages) {
		for (Message message : messages) {
			if (message instanceof ToolResponseMessage
					|| (message instanceof AssistantMessage assistant && assistant.hasToolCalls())) {
				return true;
			}
		}
		return false;
	}

	private void pair() {
		Map<String, Deque<Call>> latest = new HashMap<>();
		for (Message message : this.messages) {
			boolean calling = message instanceof AssistantMessage assistant && assistant.hasToolCalls();
			this.calls.add(calling ? open((AssistantMessage) message, this.calls.size(), latest) : List.of());
			this.answered
				.add((message instanceof ToolResponseMessage tools) ? answer(tools, latest) : Collections.emptyList());
		}
		this.changed |= !this.calls.stream().allMatch(ToolCallPairing::isAnswered);
	}

	private List<Call> open(AssistantMessage message, int index, Map<String, Deque<Call>> latest) {
		List<Call> opened = new ArrayList<>(message.getToolCalls().size());
		Map<String, Deque<Call>> byId = new HashMap<>();
		for (AssistantMessage.ToolCall call : message.getToolCalls()) {
			boolean named = StringUtils.hasText(call.id());
			this.changed |= !named;
			Call open = new Call(opened, named ? call.id() : "unnamed_call_" + index + "_" + opened.size());
			opened.add(open);
			byId.computeIfAbsent(named ? call.id() : NO_ID, (id) -> new ArrayDeque<>()).add(open);
		}
		latest.putAll(byId);
		return opened;
	}

	private List<@Nullable Call> answer(ToolResponseMessage message, Map<String, Deque<Call>> latest) {
		List<@Nullable Call> answers = new ArrayList<>(message.getResponses().size());
		for (ToolResponseMessage.ToolResponse response : message.getResponses()) {
			Deque<Call> open = latest.get(StringUtils.hasText(response.id()) ? response.id() : NO_ID);
			Call call = (open != null) ? open.poll() : null;
			if (call != null) {
				call.answered = true;
			}
			this.changed |= call == null;
			answers.add(call);
		}
		return answers;
	}

	private static boolean isAnswered(List<Call> calls) {
		return calls.stream().allMatch((call) -> call.answered);
	}

	private List<Message> rebuild() {
		List<Message> rebuilt = new ArrayList<>(this.messages.size());
		for (int i = 0; i < this.messages.size(); i++) {
			Message message = this.messages.get(i);
			List<Call> called = this.calls.get(i);
			List<@Nullable Call> answers = this.answered.get(i);
			if (!called.isEmpty()) {
				addCalls((AssistantMessage) message, called, rebuilt);
			}
			else if (!answers.isEmpty()) {
				addResponses((ToolResponseMessage) message, answers, rebuilt);
			}
			else {
				rebuilt.add(message);
			}
		}
		if (rebuilt.stream().allMatch(SystemMessage.class::isInstance)) {
			throw GrokApiException.builder(ErrorKind.INVALID_REQUEST,
					"The prompt has calls of tools without their answers, or answers without their calls, and nothing "
							+ "else, so nothing was sent to xAI. A chat memory that takes part in the tool loop must have "
							+ "room for a whole turn: raise its number of messages.")
				.sent(false)
				.build();
		}
		return rebuilt;
	}

	private static void addCalls(AssistantMessage message, List<Call> called, List<Message> target) {
		if (!isAnswered(called)) {
			if (StringUtils.hasText(message.getText())) {
				// Not its reasoning, which led to the calls
				target.add(new AssistantMessage(message.getText()));
			}
			return;
		}
		if (message.getToolCalls().stream().allMatch((call) -> StringUtils.hasText(call.id()))) {
			target.add(message);
			return;
		}
		Iterator<Call> ids = called.iterator();
		target.add(AssistantMessage.builder()
			.content(message.getText())
			.properties(message.getMetadata())
			.toolCalls(message.getToolCalls()
				.stream()
				.map((call) -> new AssistantMessage.ToolCall(ids.next().id, call.type(), call.name(), call.arguments()))
				.toList())
			.media(message.getMedia())
			.build());
	}

	private static void addResponses(ToolResponseMessage message, List<@Nullable Call> answers, List<Message> target) {
		List<ToolResponseMessage.ToolResponse> responses = new ArrayList<>(answers.size());
		boolean same = true;
		for (int i = 0; i < answers.size(); i++) {
			ToolResponseMessage.ToolResponse response = message.getResponses().get(i);
			Call call = answers.get(i);
			boolean kept = call != null && isAnswered(call.siblings);
			if (call != null && kept) {
				responses.add(call.id.equals(response.id()) ? response
						: new ToolResponseMessage.ToolResponse(call.id, response.name(), response.responseData()));
			}
			same &= kept && call != null && call.id.equals(response.id());
		}
		if (same) {
			target.add(message);
		}
		else if (!responses.isEmpty()) {
			target.add(ToolResponseMessage.builder().responses(responses).metadata(message.getMetadata()).build());
		}
	}

	/**
	 * One tool call of a message.
	 */
	private static final class Call {

		private final List<Call> siblings;

		private final String id;

		private boolean answered;

		private Call(List<Call> ofMessage, String id) {
			this.siblings = ofMessage;
			this.id = id;
		}

	}

}
