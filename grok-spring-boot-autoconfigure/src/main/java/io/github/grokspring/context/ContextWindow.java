package io.github.grokspring.context;

import java.util.List;
import java.util.Objects;

import io.github.grokspring.catalog.GrokModel;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.error.ContextOverflowException;
import io.github.grokspring.token.CalibratedEstimator;
import io.github.grokspring.token.PromptTokenEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

/**
 * Fits prompts into the window of their model. The closer a prompt is to the limit, the
 * more it is worth to know its length: a small one is passed by the length of its texts,
 * most others by their characters, and only near the limit are tokens counted.
 * <p>
 * A prompt that is refused although xAI would take it is worse than one that xAI refuses,
 * for which nobody pays. So in doubt it is sent.
 */
final class ContextWindow {

	private static final Log logger = LogFactory.getLog(ContextWindowChatModel.class);

	private static final PromptTokenEstimator AT_MOST = PromptTokenEstimator.atMost();

	/** More than xAI puts before any prompt. */
	private static final long HIDDEN_PROMPT = 1_000;

	/** Texts without words, such as Base64, have that many times as many as it seems. */
	private static final long MISJUDGED = 3;

	/** As much of the window is kept free for the answer at most. */
	private static final long LARGEST_ANSWER = 4;

	/** By which part of it a count may be wrong. */
	private static final long ERROR = 10;

	/** After as many counts of what was trimmed xAI is asked, unless it is hopeless. */
	private static final int COUNTS = 4;

	private final ContextWindowSettings settings;

	ContextWindow(ContextWindowSettings settings) {
		this.settings = settings;
	}

	/**
	 * Look at a prompt without counting its tokens.
	 * @param prompt the prompt
	 * @return the prompt as it is, or {@code null} when it has to be {@link #fit fitted}
	 */
	@Nullable FittedPrompt fitWithoutCounting(Prompt prompt) {
		GrokModel model = answering(prompt);
		long room = (model != null) ? room(model, prompt) : 0;
		if (room <= 0 || AT_MOST.estimate(prompt) + HIDDEN_PROMPT < room) {
			return new FittedPrompt(prompt, 0, null);
		}
		return (most(this.settings.rough(), prompt) < room / MISJUDGED) ? new FittedPrompt(prompt, 0, null) : null;
	}

	/**
	 * Fit a prompt into the window of its model, which may take its time.
	 * @param prompt the prompt
	 * @return what to send
	 */
	FittedPrompt fit(Prompt prompt) {
		FittedPrompt small = fitWithoutCounting(prompt);
		if (small != null) {
			return small;
		}
		GrokModel model = Objects.requireNonNull(answering(prompt), "What needs room must have a model");
		long room = room(model, prompt);
		CalibratedEstimator exact = this.settings.exact();
		if (exact != this.settings.local() && most(this.settings.local(), prompt) < room - room / LARGEST_ANSWER) {
			return new FittedPrompt(prompt, 0, null);
		}
		long plain = exact.estimateUncalibrated(prompt);
		long counted = exact.calibrate(prompt, plain);
		if (counted <= room) {
			return new FittedPrompt(prompt, 0, plain);
		}
		return switch (this.settings.onOverflow()) {
			case FAIL -> checked(new FittedPrompt(prompt, 0, plain), model, counted);
			case WARN -> warned(new FittedPrompt(prompt, 0, plain), model, counted);
			case TRIM -> trimmed(prompt, model, counted);
		};
	}

	/**
	 * By what is known of an estimator and by itself, whichever is more.
	 */
	private static long most(CalibratedEstimator estimator, Prompt prompt) {
		long plain = estimator.estimateUncalibrated(prompt);
		return Math.max(plain, estimator.calibrate(prompt, plain));
	}

	private static FittedPrompt checked(FittedPrompt fitted, GrokModel model, long counted) {
		if (isTooLong(fitted.prompt(), counted, model.contextWindow())) {
			throw overflow(fitted.prompt(), model, counted, "");
		}
		return fitted;
	}

	private static FittedPrompt warned(FittedPrompt fitted, GrokModel model, long counted) {
		logger.warn("A prompt of some " + counted + " tokens" + forAnswer(requestedOutput(fitted.prompt()))
				+ " probably does not fit into the context window of '" + LogSanitizer.sanitize(model.id())
				+ "', which has " + model.contextWindow() + ", and is sent all the same.");
		return fitted;
	}

	private FittedPrompt trimmed(Prompt prompt, GrokModel model, long counted) {
		List<Message> messages = prompt.getInstructions();
		CalibratedEstimator rough = this.settings.rough();
		CalibratedEstimator exact = this.settings.exact();
		double ratio = (double) counted / rough.estimateUncalibrated(prompt);
		long room = room(model, prompt);
		long window = model.contextWindow();
		long excess = counted - room;
		for (int counts = 1;; counts++) {
			ConversationTrimmer.Cut cut = ConversationTrimmer.cut(messages, excess,
					(turn) -> Math.round(ratio * rough.estimateUncalibrated(new Prompt(turn))));
			Prompt kept = new Prompt(cut.kept(), prompt.getOptions());
			long plain = exact.estimateUncalibrated(kept);
			long left = exact.calibrate(kept, plain);
			boolean tooLong = isTooLong(kept, left, window);
			if (tooLong && !cut.enough()) {
				throw overflow(prompt, model, counted,
						" Without the older turns, which 'grok.context.on-overflow' allows to leave out, it would have"
								+ " some " + left + " still: system messages and the last turn always stay.");
			}
			if (left <= room || !cut.enough() || (counts >= COUNTS && !tooLong)) {
				logTrimmed(cut, messages, counted, model, room);
				return new FittedPrompt(kept, cut.dropped().size(), plain);
			}
			// What left had fewer tokens than its part of all
			excess = cut.gone() + left - room;
		}
	}

	private static void logTrimmed(ConversationTrimmer.Cut cut, List<Message> messages, long counted, GrokModel model,
			long room) {
		if (logger.isDebugEnabled()) {
			logger.debug("Left " + cut.dropped().size() + " of " + messages.size()
					+ " messages out of a prompt of some " + counted + " tokens for '"
					+ LogSanitizer.sanitize(model.id()) + "', where " + room + " have room");
		}
	}

	/**
	 * Whether xAI would hardly take a prompt, even if less was in it than was counted.
	 */
	private static boolean isTooLong(Prompt prompt, long counted, long window) {
		long least = counted - (long) CalibratedEstimator.imageCount(prompt)
				* (PromptTokenEstimator.LARGEST_IMAGE - PromptTokenEstimator.SMALLEST_IMAGE);
		return least - least / ERROR > window;
	}

	/**
	 * How many tokens a prompt may have: as many as the window, because xAI refuses no
	 * prompt for the answer that it asks for. What is trimmed leaves room for that, too.
	 */
	private long room(GrokModel model, Prompt prompt) {
		long window = model.contextWindow();
		return (this.settings.onOverflow() != OnOverflow.TRIM) ? window
				: window - Math.min(requestedOutput(prompt), window / LARGEST_ANSWER);
	}

	private static ContextOverflowException overflow(Prompt prompt, GrokModel model, long counted, String more) {
		long window = model.contextWindow();
		long output = requestedOutput(prompt);
		return new ContextOverflowException(model.id(), window, counted, output,
				"The prompt has some " + counted + " tokens" + forAnswer(output)
						+ ", which do not fit into the context window of '" + LogSanitizer.sanitize(model.id())
						+ "' with " + window + ". The request was not sent." + more
						+ " Send less, ask a model with a larger window, or let 'grok.context.on-overflow' be 'trim' to"
						+ " leave out the oldest turns, or 'warn' to let xAI decide. If the window is wrong, set"
						+ " 'grok.models.[" + LogSanitizer.sanitize(model.id()) + "].context-window'.");
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
		GrokModel model = (name != null) ? this.settings.catalog().resolve(name) : null;
		return (model != null && model.known()) ? model : null;
	}

	private static long requestedOutput(Prompt prompt) {
		Integer limit = (prompt.getOptions() != null) ? prompt.getOptions().getMaxTokens() : null;
		return (limit != null) ? limit : 0;
	}

}
