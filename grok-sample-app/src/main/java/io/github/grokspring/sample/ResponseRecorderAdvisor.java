package io.github.grokspring.sample;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.client.ChatClientRequest;
import org.springframework.ai.chat.client.ChatClientResponse;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisor;
import org.springframework.ai.chat.client.advisor.api.StreamAdvisorChain;
import org.springframework.core.Ordered;

/**
 * Passes responses to the {@link ResponseRecorder} of a request. It is inside the tool
 * loop, so that it receives every round.
 */
class ResponseRecorderAdvisor implements StreamAdvisor {

	@Override
	public Flux<ChatClientResponse> adviseStream(ChatClientRequest request, StreamAdvisorChain chain) {
		if (!(request.context().get(ResponseRecorder.PARAMETER) instanceof ResponseRecorder recorder)) {
			return chain.nextStream(request);
		}
		recorder.roundStarted(request.prompt().getInstructions());
		return chain.nextStream(request).doOnNext((response) -> {
			if (response.chatResponse() != null) {
				recorder.element(response.chatResponse());
			}
		});
	}

	@Override
	public String getName() {
		return "response-recorder";
	}

	@Override
	public int getOrder() {
		return Ordered.LOWEST_PRECEDENCE - 100;
	}

}
