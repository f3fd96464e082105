package io.github.grokspring.docs;

import java.util.List;

import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.context.bean.override.mockito.MockitoBean;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.ArgumentMatchers.any;
import static org.mockito.BDDMockito.given;

/**
 * Code of {@code docs/testing.md}.
 */
@SpringBootTest
class MockedDeskTests {

	@MockitoBean
	private ChatModel chatModel;

	@Autowired
	private ChatClient chatClient;

	@Test
	void answersAsMocked() {
		given(this.chatModel.getOptions()).willReturn(ChatOptions.builder().build());
		given(this.chatModel.call(any(Prompt.class)))
			.willReturn(new ChatResponse(List.of(new Generation(new AssistantMessage("A complaint.")))));

		String answer = this.chatClient.prompt().user("Complaint, question or praise?").call().content();

		assertThat(answer).isEqualTo("A complaint.");
	}

}
