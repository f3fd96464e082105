package io.github.grokspring.context;

import java.util.concurrent.atomic.AtomicInteger;

import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.token.CalibratedEstimator;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;

/**
 * Calibrates token estimators with the counts that xAI reports.
 */
final class EstimateCalibration {

	private static final Log logger = LogFactory.getLog(ContextWindowChatModel.class);

	private static final String REASONING = "grok.reasoning-items";

	/** Maximum estimate of prompts that are counted for calibration only. */
	private static final long MAX_TOKENS = 4_096;

	/** One in this many responses is used for that. */
	private static final int SAMPLING_RATE = 16;

	private final ContextWindowSettings settings;

	private final AtomicInteger responses = new AtomicInteger();

	EstimateCalibration(ContextWindowSettings settings) {
		this.settings = settings;
	}

	/**
	 * Updates the estimators.
	 */
	void onResponse(FittedPrompt sent, long counted) {
		if (counted <= 0 || !isUsable(sent.prompt())) {
			return;
		}
		try {
			update(sent, counted);
		}
		catch (Throwable ex) {
			// The response has been paid for and must not be lost
			logger.debug("Token estimates could not be calibrated", ex);
		}
	}

	private void update(FittedPrompt sent, long counted) {
		long rough = this.settings.rough().estimateUncalibrated(sent.prompt());
		this.settings.rough().update(sent.prompt(), rough, counted);
		CalibratedEstimator local = this.settings.local();
		Long exact = sent.exact();
		if (exact != null) {
			this.settings.exact().update(sent.prompt(), exact, counted);
		}
		else if (rough <= MAX_TOKENS && local.isReady() && this.responses.getAndIncrement() % SAMPLING_RATE == 0) {
			local.update(sent.prompt(), local.estimateUncalibrated(sent.prompt()), counted);
		}
	}

	/**
	 * Returns whether xAI counted exactly what was sent. Server-side tools add their
	 * results, and a continued response adds its history. The tokens of images and of
	 * encrypted reasoning are unknown.
	 */
	private static boolean isUsable(Prompt prompt) {
		if (!(prompt.getOptions() instanceof GrokChatOptions options) || !options.getServerTools().isEmpty()
				|| options.getPreviousResponseId() != null || !options.getExtraBody().isEmpty()) {
			return false;
		}
		for (Message message : prompt.getInstructions()) {
			if (message instanceof MediaContent content && !content.getMedia().isEmpty()
					|| message.getMetadata().containsKey(REASONING)) {
				return false;
			}
		}
		return true;
	}

}
