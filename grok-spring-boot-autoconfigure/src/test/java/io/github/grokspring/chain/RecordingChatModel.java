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
 * Stands where the transport stands and keeps what reaches it.
 */
public final class RecordingChatModel implements ChatModel {

	private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

	private final String answer;

	public RecordingChatModel() {
		this("ok");
	}

	public RecordingChatModel(String answer) {
		this.answer = answer;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		this.prompts.add(prompt);
		return new ChatResponse(List.of(new Generation(new AssistantMessage(this.answer))));
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
