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
 * Removes tool calls without responses and tool responses without calls, which xAI
 * rejects. A chat memory may contain both: responses whose call has been trimmed, and
 * calls of a tool that failed.
 * <p>
 * Some models restart their ids in every turn, so a response belongs to the latest
 * message that has a call with its id and, if there are several, to the next of these
 * calls. Calls without an id are matched in order and get an id.
 *
 * @since 0.1.0
 */
public final class ToolCallPairing {

	private static final String NO_ID = "";

	private final List<Message> messages;

	// By message
	private final List<List<Call>> calls;

	// Calls of the responses, by message
	private final List<List<@Nullable Call>> calledBy;

	private boolean changed;

	private ToolCallPairing(List<Message> messages) {
		this.messages = messages;
		this.calls = new ArrayList<>(messages.size());
		this.calledBy = new ArrayList<>(messages.size());
	}

	/**
	 * Removes unpaired calls and responses.
	 * @param messages the messages of a prompt
	 * @return the same list if all calls and responses are paired
	 * @throws GrokApiException of kind {@link ErrorKind#INVALID_REQUEST} if only system
	 * messages remain
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
			this.calls.add(calling ? addOpenCalls((AssistantMessage) message, this.calls.size(), latest) : List.of());
			this.calledBy.add((message instanceof ToolResponseMessage tools) ? matchResponses(tools, latest)
					: Collections.emptyList());
		}
		this.changed |= !this.calls.stream().allMatch(ToolCallPairing::areAnswered);
	}

	private List<Call> addOpenCalls(AssistantMessage message, int index, Map<String, Deque<Call>> latest) {
		List<Call> calls = new ArrayList<>(message.getToolCalls().size());
		Map<String, Deque<Call>> byId = new HashMap<>();
		for (AssistantMessage.ToolCall call : message.getToolCalls()) {
			boolean named = StringUtils.hasText(call.id());
			this.changed |= !named;
			Call openCall = new Call(calls, named ? call.id() : "unnamed_call_" + index + "_" + calls.size());
			calls.add(openCall);
			byId.computeIfAbsent(named ? call.id() : NO_ID, (id) -> new ArrayDeque<>()).add(openCall);
		}
		latest.putAll(byId);
		return calls;
	}

	private List<@Nullable Call> matchResponses(ToolResponseMessage message, Map<String, Deque<Call>> latest) {
		List<@Nullable Call> matches = new ArrayList<>(message.getResponses().size());
		for (ToolResponseMessage.ToolResponse response : message.getResponses()) {
			Deque<Call> openCalls = latest.get(StringUtils.hasText(response.id()) ? response.id() : NO_ID);
			Call call = (openCalls != null) ? openCalls.poll() : null;
			if (call != null) {
				call.answered = true;
			}
			this.changed |= call == null;
			matches.add(call);
		}
		return matches;
	}

	private static boolean areAnswered(List<Call> calls) {
		return calls.stream().allMatch((call) -> call.answered);
	}

	private List<Message> rebuild() {
		List<Message> rebuilt = new ArrayList<>(this.messages.size());
		for (int i = 0; i < this.messages.size(); i++) {
			Message message = this.messages.get(i);
			List<Call> called = this.calls.get(i);
			List<@Nullable Call> matches = this.calledBy.get(i);
			if (!called.isEmpty()) {
				addCalls((AssistantMessage) message, called, rebuilt);
			}
			else if (!matches.isEmpty()) {
				addResponses((ToolResponseMessage) message, matches, rebuilt);
			}
			else {
				rebuilt.add(message);
			}
		}
		if (rebuilt.stream().allMatch(SystemMessage.class::isInstance)) {
			throw GrokApiException.builder(ErrorKind.INVALID_REQUEST,
					"The prompt contains only tool calls without responses or tool responses without calls. Nothing "
							+ "was sent to xAI. If a chat memory takes part in tool execution, raise its maximum number "
							+ "of messages so that a complete turn fits.")
				.sent(false)
				.build();
		}
		return rebuilt;
	}

	private static void addCalls(AssistantMessage message, List<Call> called, List<Message> target) {
		if (!areAnswered(called)) {
			if (StringUtils.hasText(message.getText())) {
				// Without the metadata, because its reasoning led to the calls
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

	private static void addResponses(ToolResponseMessage message, List<@Nullable Call> matches, List<Message> target) {
		List<ToolResponseMessage.ToolResponse> responses = new ArrayList<>(matches.size());
		boolean same = true;
		for (int i = 0; i < matches.size(); i++) {
			ToolResponseMessage.ToolResponse response = message.getResponses().get(i);
			Call call = matches.get(i);
			boolean retained = call != null && areAnswered(call.siblings);
			if (call != null && retained) {
				responses.add(call.id.equals(response.id()) ? response
						: new ToolResponseMessage.ToolResponse(call.id, response.name(), response.responseData()));
			}
			same &= retained && call != null && call.id.equals(response.id());
		}
		if (same) {
			target.add(message);
		}
		else if (!responses.isEmpty()) {
			target.add(ToolResponseMessage.builder().responses(responses).metadata(message.getMetadata()).build());
		}
	}

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
