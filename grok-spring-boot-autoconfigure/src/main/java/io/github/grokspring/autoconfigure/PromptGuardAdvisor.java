package io.github.grokspring.autoconfigure;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.redaction.PromptGuard;
import io.github.grokspring.redaction.PromptGuardChatModel;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.CallAdvisor;
import org.springframework.ai.chat.client.advisor.api.CallAdvisorChain;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;

/**
 * Fences what users wrote before other advisors put it into their own instructions: the
 * stage of the model could no longer tell the two apart. After memories, which keep what
 * was written, and right before the default order of retrieval.
 */
final class PromptGuardAdvisor implements CallAdvisor, StreamAdvisor {

	private static final int BEFORE_RETRIEVAL = -1;

	private final PromptGuard guard;

	PromptGuardAdvisor(PromptGuard guard) {
		this.guard = guard;
	}

	@Override
	public ChatClientResponse adviseCall(ChatClientRequest request, CallAdvisorChain chain) {
		return chain.nextCall(fenced(request));
	}

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		return Flux.defer(() -> chain.nextStream(fenced(request)));
	}

	// Models of other providers have no stage that explains the fence
	private ChatClientRequest fenced(ChatClientRequest request) {
		return (request.prompt().getOptions() instanceof GrokChatOptions)
				? request.mutate().prompt(PromptGuardChatModel.fence(request.prompt(), this.guard)).build() : request;
	}

	@Override
	public String getName() {
		return "grokPromptGuard";
	}

	@Override
	public int getOrder() {
		return BEFORE_RETRIEVAL;
	}

}
