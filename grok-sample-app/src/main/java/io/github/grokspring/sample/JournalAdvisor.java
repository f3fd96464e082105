package io.github.grokspring.sample;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;

/**
 * Writes the journal of a request that has one. Stands within the loop of the tools, so
 * that it sees every round.
 */
class JournalAdvisor implements StreamAdvisor {

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		if (!(request.context().get(Journal.PARAMETER) instanceof Journal journal)) {
			return chain.nextStream(request);
		}
		journal.roundBegins(request.prompt().getInstructions());
		return chain.nextStream(request).doOnNext((response) -> {
			if (response.chatResponse() != null) {
				journal.element(response.chatResponse());
			}
		});
	}

	@Override
	public String getName() {
		return "journal";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

}
