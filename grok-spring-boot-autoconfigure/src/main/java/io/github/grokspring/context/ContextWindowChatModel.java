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
 * Keeps prompts that do not fit into the context window of their model from being sent.
 * Depending on {@link OnOverflow} such a prompt fails with a
 * {@link io.github.grokspring.error.ContextOverflowException}, or is sent without its
 * oldest turns, in which case the answer carries {@code grok.trimmed}, the number of
 * messages that were left out. Prompts of models whose window is not known are sent as
 * they are.
 * <p>
 * Estimates are compared with what xAI counts, and learn from it. Safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public final class ContextWindowChatModel extends ForwardingChatModel {

	private static final String TRIMMED = "grok.trimmed";

	private final ContextWindow window;

	private final EstimateCalibration calibration;

	private ContextWindowChatModel(ChatModel delegate, ContextWindow window, EstimateCalibration calibration) {
		super(delegate);
		this.window = window;
		this.calibration = calibration;
	}

	/**
	 * A decorator that keeps context windows.
	 * @param settings what they are kept by
	 * @return the decorator, at {@link Position#CONTEXT}
	 */
	public static ChatModelDecorator decorator(ContextWindowSettings settings) {
		ContextWindow window = new ContextWindow(settings);
		EstimateCalibration calibration = new EstimateCalibration(settings);
		return ChatModelDecorator.of(Position.CONTEXT,
				(client, delegate) -> new ContextWindowChatModel(delegate, window, calibration));
	}

	@Override
	public ChatResponse call(Prompt prompt) {
		FittedPrompt fitted = this.window.fit(prompt);
		return answered(delegate().call(fitted.prompt()), fitted);
	}

	@Override
	public Flux<ChatResponse> stream(Prompt prompt) {
		return Flux.defer(() -> {
			FittedPrompt small = this.window.fitWithoutCounting(prompt);
			if (small != null) {
				return stream(small);
			}
			Flux<ChatResponse> stream = Flux.defer(() -> stream(this.window.fit(prompt)));
			// To count takes its time, or xAI
			return Schedulers.isInNonBlockingThread() ? stream.subscribeOn(StreamScheduler.scheduler()) : stream;
		});
	}

	private Flux<ChatResponse> stream(FittedPrompt fitted) {
		return delegate().stream(fitted.prompt())
			.map((element) -> ChatResponses.isLast(element) ? answered(element, fitted) : element);
	}

	private ChatResponse answered(ChatResponse answer, FittedPrompt fitted) {
		Usage usage = answer.getMetadata().getUsage();
		if (usage.getPromptTokens() != null) {
			this.calibration.onResponse(fitted, usage.getPromptTokens());
		}
		return (fitted.trimmed() > 0) ? ChatResponses.with(answer, TRIMMED, fitted.trimmed()) : answer;
	}

}
