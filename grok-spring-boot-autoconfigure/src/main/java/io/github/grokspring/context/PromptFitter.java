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
 * Fits prompts into the context window of their model. Small prompts pass by the length
 * of their text, most others by their characters. Tokens are counted only close to the
 * limit.
 * <p>
 * In doubt, a prompt is sent: a rejection by xAI is free of charge, whereas a prompt
 * rejected here by mistake could never be sent.
 */
final class PromptFitter {

	private static final Log logger = LogFactory.getLog(ContextWindowChatModel.class);

	private static final PromptTokenEstimator UPPER_BOUND = PromptTokenEstimator.upperBound();

	/** Upper bound of the tokens that xAI adds to a prompt. */
	private static final long MAX_OVERHEAD = 1_000;

	/**
	 * Text without words, such as Base64, may have this many times the estimated tokens.
	 */
	private static final long MAX_UNDERESTIMATE = 3;

	/** At most one in this many tokens of the window is reserved for the response. */
	private static final long RESERVED_SHARE = 4;

	/** A count may be off by one in this many tokens. */
	private static final long TOLERANCE = 10;

	/**
	 * Number of counts while trimming, after which the prompt is sent unless it is
	 * clearly too long.
	 */
	private static final int MAX_COUNTS = 4;

	private final ContextWindowSettings settings;

	PromptFitter(ContextWindowSettings settings) {
		this.settings = settings;
	}

	/**
	 * Checks a prompt without counting its tokens.
	 * @return the unchanged prompt, or {@code null} if it needs to be {@link #fit fitted}
	 */
	@Nullable FittedPrompt fitWithoutCounting(Prompt prompt) {
		GrokModel model = modelOf(prompt);
		long room = (model != null) ? room(model, prompt) : 0;
		if (room <= 0 || UPPER_BOUND.estimate(prompt) + MAX_OVERHEAD < room) {
			return new FittedPrompt(prompt, 0, null);
		}
		return (larger(this.settings.rough(), prompt) < room / MAX_UNDERESTIMATE) ? new FittedPrompt(prompt, 0, null)
				: null;
	}

	/**
	 * Fits a prompt into the window of its model. May block.
	 */
	FittedPrompt fit(Prompt prompt) {
		FittedPrompt small = fitWithoutCounting(prompt);
		if (small != null) {
			return small;
		}
		GrokModel model = Objects.requireNonNull(modelOf(prompt), "A prompt without a known model always fits");
		long room = room(model, prompt);
		CalibratedEstimator exact = this.settings.exact();
		if (exact != this.settings.local() && larger(this.settings.local(), prompt) < room - room / RESERVED_SHARE) {
			return new FittedPrompt(prompt, 0, null);
		}
		long estimate = exact.estimateUncalibrated(prompt);
		long counted = exact.calibrate(prompt, estimate);
		if (counted <= room) {
			return new FittedPrompt(prompt, 0, estimate);
		}
		return switch (this.settings.onOverflow()) {
			case FAIL -> check(new FittedPrompt(prompt, 0, estimate), model, counted);
			case WARN -> warn(new FittedPrompt(prompt, 0, estimate), model, counted);
			case TRIM -> trim(prompt, model, counted);
		};
	}

	private static long larger(CalibratedEstimator estimator, Prompt prompt) {
		long estimate = estimator.estimateUncalibrated(prompt);
		return Math.max(estimate, estimator.calibrate(prompt, estimate));
	}

	private static FittedPrompt check(FittedPrompt fitted, GrokModel model, long counted) {
		if (isTooLong(fitted.prompt(), counted, model.contextWindow())) {
			throw overflow(fitted.prompt(), model, counted, "");
		}
		return fitted;
	}

	private static FittedPrompt warn(FittedPrompt fitted, GrokModel model, long counted) {
		logger.warn("The prompt has about " + counted + " tokens" + outputSuffix(requestedOutput(fitted.prompt()))
				+ ", which probably exceeds the context window of '" + LogSanitizer.sanitize(model.id()) + "' ("
				+ model.contextWindow() + " tokens). It is sent anyway.");
		return fitted;
	}

	private FittedPrompt trim(Prompt prompt, GrokModel model, long counted) {
		List<Message> messages = prompt.getInstructions();
		CalibratedEstimator rough = this.settings.rough();
		CalibratedEstimator exact = this.settings.exact();
		double ratio = (double) counted / rough.estimateUncalibrated(prompt);
		long room = room(model, prompt);
		long window = model.contextWindow();
		long excess = counted - room;
		for (int counts = 1;; counts++) {
			ConversationTrimmer.Result result = ConversationTrimmer.trim(messages, excess,
					(turn) -> Math.round(ratio * rough.estimateUncalibrated(new Prompt(turn))));
			Prompt kept = new Prompt(result.kept(), prompt.getOptions());
			long estimate = exact.estimateUncalibrated(kept);
			long left = exact.calibrate(kept, estimate);
			boolean tooLong = isTooLong(kept, left, window);
			if (tooLong && !result.sufficient()) {
				throw overflow(prompt, model, counted, " Without its older turns, it would still have about " + left
						+ ". System messages and the last turn are never removed.");
			}
			if (left <= room || !result.sufficient() || (counts >= MAX_COUNTS && !tooLong)) {
				logTrimming(result, messages, counted, model, room);
				return new FittedPrompt(kept, result.dropped().size(), estimate);
			}
			// The removed turns had fewer tokens than estimated
			excess = result.removedTokens() + left - room;
		}
	}

	private static void logTrimming(ConversationTrimmer.Result result, List<Message> messages, long counted,
			GrokModel model, long room) {
		if (logger.isDebugEnabled()) {
			logger.debug("Removed " + result.dropped().size() + " of " + messages.size()
					+ " messages from a prompt of about " + counted + " tokens for '"
					+ LogSanitizer.sanitize(model.id()) + "', which has room for " + room);
		}
	}

	/**
	 * Returns whether xAI would reject a prompt even if it were shorter than counted.
	 */
	private static boolean isTooLong(Prompt prompt, long counted, long window) {
		long minimum = counted - (long) CalibratedEstimator.imageCount(prompt)
				* (PromptTokenEstimator.LARGEST_IMAGE - PromptTokenEstimator.SMALLEST_IMAGE);
		return minimum - minimum / TOLERANCE > window;
	}

	/**
	 * Returns the maximum number of tokens of a prompt. xAI does not reject a prompt
	 * because of the requested output, so only trimming reserves room for it.
	 */
	private long room(GrokModel model, Prompt prompt) {
		long window = model.contextWindow();
		return (this.settings.onOverflow() != OnOverflow.TRIM) ? window
				: window - Math.min(requestedOutput(prompt), window / RESERVED_SHARE);
	}

	private static ContextOverflowException overflow(Prompt prompt, GrokModel model, long counted, String details) {
		long window = model.contextWindow();
		long output = requestedOutput(prompt);
		return new ContextOverflowException(model.id(), window, counted, output, "The prompt has about " + counted
				+ " tokens" + outputSuffix(output) + ", which exceeds the context window of '"
				+ LogSanitizer.sanitize(model.id()) + "' (" + window + " tokens). The request was not sent." + details
				+ " Shorten the prompt, use a model with a larger context window, or set 'grok.context.on-overflow'"
				+ " to 'trim' to remove the oldest turns or to 'warn' to let xAI decide. If the window is wrong, set"
				+ " 'grok.models.[" + LogSanitizer.sanitize(model.id()) + "].context-window'.");
	}

	private static String outputSuffix(long output) {
		return (output > 0) ? " and requests up to " + output + " output tokens" : "";
	}

	private @Nullable GrokModel modelOf(Prompt prompt) {
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
