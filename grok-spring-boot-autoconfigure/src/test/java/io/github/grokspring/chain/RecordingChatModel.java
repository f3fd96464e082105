package io.github.grokspring.chain;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Transport that records the prompts it receives.
 */
public final class RecordingChatModel implements ChatModel {

	private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

	private final String response;

	public RecordingChatModel() {
		this("ok");
	}

	public RecordingChatModel(String response) {
		this.response = response;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		this.prompts.add(prompt);
		return new ChatResponse(List.of(new Generation(new AssistantMessage(this.response))));
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.just(call(prompt));
	}

	public List<Prompt> prompts() {
		return this.prompts;
	}

	public GrokChatOptions options() {
		return (GrokChatOptions) this.prompts.get(this.prompts.size() - 1).getOptions();
	}

}
