package io.github.grokspring.autoconfigure;

import java.util.ArrayList;
import java.util.List;

import io.github.grokspring.redaction.PromptGuard;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.SystemMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.core.Ordered;
import org.springframework.util.StringUtils;

/**
 * Fences what users wrote, and tells the model so. Innermost, so that memories keep what
 * was written, and what other advisors add to it is inside of the fence.
 */
final class PromptGuardAdvisor implements CallAdvisor, StreamAdvisor {

	private final PromptGuard guard;

	PromptGuardAdvisor(PromptGuard guard) {
		this.guard = guard;
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain.nextCall(guarded(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return chain.nextStream(guarded(request));
	}

	private ChatClientRequest guarded(ChatClientRequest request) {
		List<Message> messages = new ArrayList<>(request.prompt().getInstructions().size() + 1);
		boolean ruled = false;
		for (Message message : request.prompt().getInstructions()) {
			if (message instanceof UserMessage user && StringUtils.hasText(user.getText())) {
				messages.add(user.mutate().text(this.guard.fence(user.getText())).build());
			}
			else if (message instanceof SystemMessage system && !ruled) {
				messages.add(system.mutate().text(withRule(system.getText())).build());
				ruled = true;
			}
			else {
				messages.add(message);
			}
		}
		if (!ruled) {
			messages.add(0, new SystemMessage(this.guard.rule()));
		}
		return request.mutate().prompt(new Prompt(messages, request.prompt().getOptions())).build();
	}

	private String withRule(@Nullable String text) {
		if (text == null || text.isBlank()) {
			return this.guard.rule();
		}
		return text.contains(this.guard.rule()) ? text : text + "\n\n" + this.guard.rule();
	}

	@Override
	public String getName() {
		return "grokPromptGuard";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 1;
	}

}
