package io.github.grokspring.test;

import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.test.ChatRequest.Message;
import io.github.grokspring.test.ChatRequest.ToolCall;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * Validates that each tool call has one result and each result has a call. IDs may be
 * reused in later turns.
 */
final class ToolCallValidator {

	private final boolean adjacent;

	private final List<String> open = new ArrayList<>();

	private ToolCallValidator(boolean adjacent) {
		this.adjacent = adjacent;
	}

	/**
	 * Validates a conversation. With {@code adjacent}, results must directly follow their
	 * calls, as in Chat Completions.
	 */
	static void check(List<Message> messages, boolean adjacent) {
		ToolCallValidator turns = new ToolCallValidator(adjacent);
		messages.forEach(turns::read);
		turns.end();
	}

	private void read(Message message) {
		if ("tool".equals(message.role())) {
			result(message.toolCallId());
			return;
		}
		if (this.adjacent) {
			end();
		}
		message.toolCalls().forEach(this::call);
	}

	private void call(ToolCall call) {
		if (isBlank(call.id())) {
			throw invalid("A tool call must have an id.");
		}
		if (call.name().isBlank()) {
			throw invalid("The tool call " + call.id() + " must have a name.");
		}
		if (!isJson(call.arguments())) {
			throw invalid("The arguments of tool call " + call.id() + " are not valid JSON.");
		}
		this.open.add(call.id());
	}

	private void result(@Nullable String id) {
		if (isBlank(id)) {
			throw invalid("A tool message must have a tool_call_id.");
		}
		if (!this.open.remove(id)) {
			throw invalid("The tool message for " + id + " answers no tool call.");
		}
	}

	private void end() {
		if (!this.open.isEmpty()) {
			throw invalid("The tool call " + this.open.get(0) + " has no tool message that answers it.");
		}
	}

	private static boolean isBlank(@Nullable String id) {
		return id == null || id.isBlank();
	}

	private static boolean isJson(String arguments) {
		try {
			return !Json.LENIENT.readTree(arguments).isMissingNode();
		}
		catch (JacksonException ex) {
			return false;
		}
	}

	private static ApiErrorException invalid(String text) {
		return ApiErrorException.invalidArgument("Invalid request content: " + text);
	}

}
