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
 * Encloses user input in delimiters before other advisors embed it in their own
 * instructions, where the stage of the model could no longer separate the two. Runs after
 * memory advisors, which store the original input, and right before the default order of
 * retrieval advisors.
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

	// Models of other providers have no stage that explains the delimiters
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
