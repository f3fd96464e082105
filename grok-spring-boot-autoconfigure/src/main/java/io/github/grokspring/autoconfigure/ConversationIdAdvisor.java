package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatOptions;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.core.Ordered;

/**
 * Sets the conversation id of the memory advisors as an option of the request, unless it
 * is set already. Innermost, so that it applies to every round of a tool loop and no
 * other advisor removes the id.
 */
final class ConversationIdAdvisor implements CallAdvisor, StreamAdvisor {

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain.nextCall(withConversationId(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return chain.nextStream(withConversationId(request));
	}

	private static ChatClientRequest withConversationId(ChatClientRequest request) {
		Object conversationId = request.context().get(ChatMemory.CONVERSATION_ID);
		if (conversationId == null || !(request.prompt().getOptions() instanceof GrokChatOptions options)
				|| options.getConversationId() != null) {
			return request;
		}
		GrokChatOptions complete = options.mutate().conversationId(conversationId.toString()).build();
		return request.mutate().prompt(request.prompt().mutate().chatOptions(complete).build()).build();
	}

	@Override
	public String getName() {
		return "grokConversationId";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 1;
	}

}
