package io.github.grokspring.fallback;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Model of another provider, which records its prompts.
 */
final class OtherProvider implements ChatModel {

	private final List<Prompt> prompts = new CopyOnWriteArrayList<>();

	private final AtomicBoolean cancelled = new AtomicBoolean();

	private final ChatOptions options;

	private @Nullable RuntimeException failure;

	private boolean silent;

	private boolean onEventLoop;

	OtherProvider(ChatOptions options) {
		this.options = options;
	}

	OtherProvider() {
		this(ChatOptions.builder().model("local").build());
	}

	OtherProvider failsWith(RuntimeException failure) {
		this.failure = failure;
		return this;
	}

	OtherProvider neverResponds() {
		this.silent = true;
		return this;
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		this.prompts.add(prompt);
		if (this.failure != null) {
			throw this.failure;
		}
		return element("From elsewhere.");
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		this.onEventLoop |= Schedulers.isInNonBlockingThread();
		this.prompts.add(prompt);
		if (this.failure != null) {
			return Flux.error(this.failure);
		}
		return this.silent ? Flux.<ChatResponse>never().doOnCancel(() -> this.cancelled.set(true))
				: Flux.just(element("From "), element("elsewhere."));
	}

	@Override
	public ChatOptions getOptions() {
		return this.options;
	}

	private static ChatResponse element(String text) {
		return new ChatResponse(List.of(new Generation(new AssistantMessage(text))));
	}

	List<Prompt> prompts() {
		return this.prompts;
	}

	Prompt prompt() {
		return this.prompts.get(this.prompts.size() - 1);
	}

	boolean isCancelled() {
		return this.cancelled.get();
	}

	boolean wasCalledOnEventLoop() {
		return this.onEventLoop;
	}

}
