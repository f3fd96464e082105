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
 * Has estimators learn from what xAI counted.
 */
final class EstimateCalibration {

	private static final Log logger = LogFactory.getLog(ContextWindowChatModel.class);

	/** Under which an answer keeps reasoning that is sent back. */
	private static final String REASONING = "grok.reasoning-items";

	/** Tokens up to which a prompt is counted for no other reason than to learn. */
	private static final long SHORT = 4_096;

	/** One of as many answers is used for it. */
	private static final int SOME = 16;

	private final ContextWindowSettings settings;

	private final AtomicInteger answers = new AtomicInteger();

	EstimateCalibration(ContextWindowSettings settings) {
		this.settings = settings;
	}

	/**
	 * Take note of an answer.
	 * @param sent what was sent
	 * @param counted how many tokens xAI counted in the prompt
	 */
	void onResponse(FittedPrompt sent, long counted) {
		if (counted <= 0 || !isUsable(sent.prompt())) {
			return;
		}
		try {
			update(sent, counted);
		}
		catch (Throwable ex) {
			// An answer that is paid for is worth more than what it teaches
			logger.debug("Nothing could be learned from an answer", ex);
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
		else if (rough <= SHORT && local.isReady() && this.answers.getAndIncrement() % SOME == 0) {
			local.update(sent.prompt(), local.estimateUncalibrated(sent.prompt()), counted);
		}
	}

	/**
	 * Whether xAI counted what was sent and nothing else. Its own tools add what they
	 * find, and a response that is gone on with what came before it. Nobody else knows
	 * the size of an image, nor of reasoning that is encrypted.
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
