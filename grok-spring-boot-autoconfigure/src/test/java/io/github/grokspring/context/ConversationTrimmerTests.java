package io.github.grokspring.context;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.ai.chat.messages.Message;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConversationTrimmer}, where every message has one token.
 */
class ConversationTrimmerTests {

	private static final List<Message> MESSAGES = Conversation.with("rules")
		.user("one")
		.tool("a")
		.tool("b")
		.answer("first")
		.system("more rules")
		.user("two")
		.user("and more")
		.answer("second")
		.user("three")
		.tool("c")
		.messages();

	@ParameterizedTest
	@CsvSource({ "0, 'rules,one,?a,=a,?b,=b,first,more rules,two,and more,second,three,?c,=c', true",
			"-5, 'rules,one,?a,=a,?b,=b,first,more rules,two,and more,second,three,?c,=c', true",
			"1, 'rules,more rules,two,and more,second,three,?c,=c', true",
			"6, 'rules,more rules,two,and more,second,three,?c,=c', true", "7, 'rules,more rules,three,?c,=c', true",
			"9, 'rules,more rules,three,?c,=c', true", "10, 'rules,more rules,three,?c,=c', false" })
	void oldestTurnsAreRemovedCompletely(long excess, String kept, boolean enough) {
		ConversationTrimmer.Result cut = ConversationTrimmer.trim(MESSAGES, excess, List::size);
		assertThat(String.join(",", Conversation.texts(cut.kept()))).isEqualTo(kept);
		assertThat(cut.sufficient()).isEqualTo(enough);
		assertThat(cut.kept().size() + cut.dropped().size()).isEqualTo(MESSAGES.size());
	}

	@Test
	void removedMessagesKeepTheirOrder() {
		assertThat(Conversation.texts(ConversationTrimmer.trim(MESSAGES, 7, List::size).dropped()))
			.containsExactly("one", "?a", "=a", "?b", "=b", "first", "two", "and more", "second");
	}

	@Test
	void messagesBeforeFirstUserMessageAreATurn() {
		List<Message> messages = Conversation.with("rules").answer("Welcome!").user("one").messages();
		assertThat(Conversation.texts(ConversationTrimmer.trim(messages, 1, List::size).kept()))
			.containsExactly("rules", "one");
	}

	@Test
	void conversationWithoutUserMessageIsUnchanged() {
		List<Message> messages = Conversation.with("rules").answer("Welcome!").messages();
		assertThat(ConversationTrimmer.trim(messages, 1, List::size).sufficient()).isFalse();
		assertThat(ConversationTrimmer.trim(messages, 1, List::size).kept()).hasSize(2);
		assertThat(ConversationTrimmer.trim(List.of(), 0, List::size).kept()).isEmpty();
	}

}
