package io.github.grokspring.context;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.MessageType;

/**
 * Cuts a conversation into turns. A turn begins with what a user says, in one message or
 * several, and goes on until the user speaks again, so that calls of tools stay with
 * their answers and reasoning with what it led to. What a system says belongs to no turn.
 */
final class ConversationTrimmer {

	private ConversationTrimmer() {
	}

	/**
	 * Drop the oldest turns, as few as are needed.
	 * @param messages the conversation
	 * @param excess how many tokens must go
	 * @param tokens how many tokens messages have
	 * @return what has to go; the last turn always stays
	 */
	static Cut cut(List<Message> messages, long excess, ToLongFunction<List<Message>> tokens) {
		List<Message> dropped = new ArrayList<>();
		long gone = 0;
		int start = 0;
		int last = lastTurn(messages);
		while (gone < excess && start < last) {
			int end = endOfTurn(messages, start);
			List<Message> turn = new ArrayList<>();
			for (Message message : messages.subList(start, end)) {
				if (message.getMessageType() != MessageType.SYSTEM) {
					turn.add(message);
				}
			}
			gone += turn.isEmpty() ? 0 : tokens.applyAsLong(turn);
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
		return new Cut(kept, dropped, gone, gone >= excess);
	}

	private static int endOfTurn(List<Message> messages, int start) {
		for (int i = start + 1; i < messages.size(); i++) {
			if (beginsTurn(messages, i)) {
				return i;
			}
		}
		return messages.size();
	}

	/**
	 * Where the last turn begins, 0 when no user ever spoke.
	 */
	private static int lastTurn(List<Message> messages) {
		for (int i = messages.size() - 1; i > 0; i--) {
			if (beginsTurn(messages, i)) {
				return i;
			}
		}
		return 0;
	}

	private static boolean beginsTurn(List<Message> messages, int index) {
		return messages.get(index).getMessageType() == MessageType.USER
				&& messages.get(index - 1).getMessageType() != MessageType.USER;
	}

	/**
	 * A conversation that was cut.
	 *
	 * @param kept what stays, in its order
	 * @param dropped what goes, in its order
	 * @param gone how many tokens go
	 * @param enough whether as much goes as had to
	 */
	record Cut(List<Message> kept, List<Message> dropped, long gone, boolean enough) {

	}

}
