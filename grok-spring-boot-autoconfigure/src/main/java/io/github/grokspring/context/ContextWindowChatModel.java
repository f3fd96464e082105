package io.github.grokspring.context;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.ForwardingChatModel;
import io.github.grokspring.chain.Position;
import io.github.grokspring.chain.StreamScheduler;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.metadata.Usage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * {@link ChatModel} decorator that keeps prompts within the context window of their
 * model. Depending on {@link OnOverflow}, a prompt that is too long fails with a
 * {@link io.github.grokspring.error.ContextOverflowException}, is sent with a warning, or
 * is sent without its oldest turns. In the last case the response contains
 * {@code grok.trimmed}, the number of removed messages. Prompts for models with an
 * unknown window are sent unchanged.
 * <p>
 * Token estimates are calibrated with the counts that xAI reports. Thread-safe.
 *
 * @since 0.1.0
 */
public final class ContextWindowChatModel extends ForwardingChatModel {

	private static final String TRIMMED = "grok.trimmed";

	private final PromptFitter window;

	private final EstimateCalibration calibration;

	private ContextWindowChatModel(ChatModel delegate, PromptFitter window, EstimateCalibration calibration) {
		super(delegate);
		this.window = window;
		this.calibration = calibration;
	}

	/**
	 * Creates a decorator that checks context windows.
	 * @param settings the settings
	 * @return the decorator, at {@link Position#CONTEXT}
	 */
	public static ChatModelDecorator decorator(ContextWindowSettings settings) {
		PromptFitter window = new PromptFitter(settings);
		EstimateCalibration calibration = new EstimateCalibration(settings);
		return ChatModelDecorator.of(Position.CONTEXT,
				(client, delegate) -> new ContextWindowChatModel(delegate, window, calibration));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		FittedPrompt fitted = this.window.fit(prompt);
		return onResponse(delegate().call(fitted.prompt()), fitted);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			FittedPrompt small = this.window.fitWithoutCounting(prompt);
			if (small != null) {
				return stream(small);
			}
			Flux<ChatResponse> stream = Flux.defer(() -> stream(this.window.fit(prompt)));
			// Counting tokens may block
			return Schedulers.isInNonBlockingThread() ? stream.subscribeOn(StreamScheduler.scheduler()) : stream;
		});
	}

	private Flux<ChatResponse> stream(FittedPrompt fitted) {
		return delegate().stream(fitted.prompt())
			.map((element) -> ChatResponses.isLast(element) ? onResponse(element, fitted) : element);
	}

	private ChatResponse onResponse(ChatResponse response, FittedPrompt fitted) {
		Usage usage = response.getMetadata().getUsage();
		if (usage.getPromptTokens() != null) {
			this.calibration.onResponse(fitted, usage.getPromptTokens());
		}
		return (fitted.trimmed() > 0) ? ChatResponses.with(response, TRIMMED, fitted.trimmed()) : response;
	}

}
