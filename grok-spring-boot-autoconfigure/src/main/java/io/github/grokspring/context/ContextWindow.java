package io.github.grokspring.context;

import java.util.List;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.token.LearnedEstimator;
import io.github.grokspring.token.PromptTokenEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import reactor.core.scheduler.Schedulers;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Fits prompts into the window of their model. The closer a prompt is to the limit, the
 * more it is worth to know its length: a small one is passed by the length of its texts,
 * most others by their characters, and only near the limit are tokens counted.
 */
final class ContextWindow {

	private static final Log logger = LogFactory.getLog(ContextWindowChatModel.class);

	/** As much of the window is kept free for the answer at most. */
	private static final long LARGEST_ANSWER = 4;

	private static final PromptTokenEstimator AT_MOST = PromptTokenEstimator.atMost();

	/** More than xAI puts before any prompt. */
	private static final long HIDDEN_PROMPT = 1_000;

	private final ContextTerms terms;

	ContextWindow(ContextTerms terms) {
		this.terms = terms;
	}

	FittedPrompt fit(Prompt prompt) {
		GrokModel model = answering(prompt);
		long window = (model != null) ? model.contextWindow() : 0;
		if (model == null || window <= 0) {
			return new FittedPrompt(prompt, 0, null);
		}
		long output = requestedOutput(prompt);
		long room = window - Math.min(output, window / LARGEST_ANSWER);
		if (AT_MOST.estimate(prompt) + HIDDEN_PROMPT < room) {
			return new FittedPrompt(prompt, 0, null);
		}
		long rough = this.terms.rough().plain(prompt);
		long probable = this.terms.rough().corrected(prompt, rough);
		if (Math.max(rough, probable) < room - room / LARGEST_ANSWER) {
			return new FittedPrompt(prompt, 0, null);
		}
		LearnedEstimator near = near();
		long plain = near.plain(prompt);
		long counted = near.corrected(prompt, plain);
		Long exact = (near == this.terms.exact()) ? plain : null;
		if (counted <= room) {
			return new FittedPrompt(prompt, 0, exact);
		}
		return switch (this.terms.onOverflow()) {
			case FAIL -> throw overflow(model, window, counted, output, "");
			case WARN -> warned(prompt, model, window, counted, output, exact);
			case TRIM -> trimmed(prompt, model, room, counted, output, (double) counted / rough);
		};
	}

	/**
	 * Who counts near the limit. An event loop has no time to wait for what is not ready.
	 */
	private LearnedEstimator near() {
		LearnedEstimator exact = this.terms.exact();
		return (exact.isReady() || !Schedulers.isInNonBlockingThread()) ? exact : this.terms.rough();
	}

	private static FittedPrompt warned(Prompt prompt, GrokModel model, long window, long counted, long output,
			@Nullable Long exact) {
		logger.warn("A prompt of some " + counted + " tokens" + forAnswer(output)
				+ " probably does not fit into the context window of '" + model.id() + "', which has " + window
				+ ", and is sent all the same.");
		return new FittedPrompt(prompt, 0, exact);
	}

	private FittedPrompt trimmed(Prompt prompt, GrokModel model, long room, long counted, long output, double ratio) {
		List<Message> messages = prompt.getInstructions();
		Turns.Cut cut = Turns.cut(messages, counted - room,
				(turn) -> Math.round(ratio * this.terms.rough().plain(new Prompt(turn))));
		if (!cut.enough()) {
			throw overflow(model, model.contextWindow(), counted, output,
					" Without the older turns, which 'grok.context.on-overflow' allows to leave out, it would be too"
							+ " long still: system messages and the last turn always stay.");
		}
		if (logger.isDebugEnabled()) {
			logger
				.debug("Left " + cut.dropped().size() + " of " + messages.size() + " messages out of a prompt of some "
						+ counted + " tokens for '" + model.id() + "', where " + room + " have room");
		}
		return new FittedPrompt(new Prompt(cut.kept(), prompt.getOptions()), cut.dropped().size(), null);
	}

	private static ContextOverflowException overflow(GrokModel model, long window, long counted, long output,
			String more) {
		return new ContextOverflowException(model.id(), window, counted, output,
				"The prompt has some " + counted + " tokens" + forAnswer(output)
						+ ", which do not fit into the context window of '" + model.id() + "' with " + window
						+ ". Nothing was sent." + more
						+ " Send less, ask a model with a larger window, or let 'grok.context.on-overflow' be 'trim' to"
						+ " leave out the oldest turns, or 'warn' to let xAI decide. If the window is wrong, set"
						+ " 'grok.models.[" + model.id() + "].context-window'.");
	}

	private static String forAnswer(long output) {
		return (output > 0) ? " and asks for up to " + output + " more" : "";
	}

	/**
	 * The model whose window counts, {@code null} when it is not known.
	 */
	private @Nullable GrokModel answering(Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		String name = (options != null) ? options.getModel() : null;
		GrokModel model = (name != null) ? this.terms.catalog().find(name) : null;
		GrokModel.Retirement retirement = (model != null) ? model.retirement() : null;
		String replacement = (retirement != null) ? retirement.replacement() : null;
		return (replacement != null) ? this.terms.catalog().find(replacement) : model;
	}

	private static long requestedOutput(Prompt prompt) {
		Integer limit = (prompt.getOptions() != null) ? prompt.getOptions().getMaxTokens() : null;
		return (limit != null) ? limit : 0;
	}

}
