package io.github.grokspring.context;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;

/**
 * Removes the oldest turns of a conversation. A turn starts with one or more user
 * messages and ends before the next user message, so that tool calls stay with their
 * responses and reasoning with its result. System messages belong to no turn.
 */
final class ConversationTrimmer {

	private ConversationTrimmer() {
	}

	/**
	 * Removes the oldest turns, as few as possible.
	 */
	static Result trim(List<Message> messages, long excess, ToLongFunction<List<Message>> tokens) {
		List<Message> dropped = new ArrayList<>();
		long removedTokens = 0;
		int start = 0;
		int last = lastTurn(messages);
		while (removedTokens < excess && start < last) {
			int end = endOfTurn(messages, start);
			List<Message> turn = new ArrayList<>();
			for (Message message : messages.subList(start, end)) {
				if (message.getMessageType() != MessageType.SYSTEM) {
					turn.add(message);
				}
			}
			removedTokens += turn.isEmpty() ? 0 : tokens.applyAsLong(turn);
			dropped.addAll(turn);
			start = end;
		}
		List<Message> kept = new ArrayList<>(messages.size() - dropped.size());
		for (int i = 0; i < messages.size(); i++) {
			Message message = messages.get(i);
			if (i >= start || message.getMessageType() == MessageType.SYSTEM) {
				kept.add(message);
			}
		}
		return new Result(kept, dropped, removedTokens, removedTokens >= excess);
	}

	private static int endOfTurn(List<Message> messages, int start) {
		for (int i = start + 1; i < messages.size(); i++) {
			if (startsTurn(messages, i)) {
				return i;
			}
		}
		return messages.size();
	}

	private static int lastTurn(List<Message> messages) {
		for (int i = messages.size() - 1; i > 0; i--) {
			if (startsTurn(messages, i)) {
				return i;
			}
		}
		return 0;
	}

	private static boolean startsTurn(List<Message> messages, int index) {
		return messages.get(index).getMessageType() == MessageType.USER
				&& messages.get(index - 1).getMessageType() != MessageType.USER;
	}

	record Result(List<Message> kept, List<Message> dropped, long removedTokens, boolean sufficient) {

	}

}
