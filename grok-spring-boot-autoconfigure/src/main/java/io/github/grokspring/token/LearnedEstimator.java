package io.github.grokspring.token;

import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.util.CollectionUtils;

/**
 * An estimator together with what was learned of its estimates: it says what it would say
 * alone, corrected for the model in the options. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class LearnedEstimator implements PromptTokenEstimator {

	private final PromptTokenEstimator plain;

	private final TokenCorrections corrections;

	private final BooleanSupplier ready;

	/**
	 * Correct an estimator.
	 * @param plain the estimator
	 * @param corrections what was learned of this very estimator
	 */
	public LearnedEstimator(PromptTokenEstimator plain, TokenCorrections corrections) {
		this(plain, corrections, () -> true);
	}

	/**
	 * Correct an estimator that is not always at hand.
	 * @param plain the estimator
	 * @param corrections what was learned of this very estimator
	 * @param ready whether a short prompt is estimated in microseconds now
	 */
	public LearnedEstimator(PromptTokenEstimator plain, TokenCorrections corrections, BooleanSupplier ready) {
		this.plain = Objects.requireNonNull(plain, "'plain' must not be null");
		this.corrections = Objects.requireNonNull(corrections, "'corrections' must not be null");
		this.ready = Objects.requireNonNull(ready, "'ready' must not be null");
	}

	/**
	 * Whether a short prompt is estimated in microseconds now.
	 * @return whether it is
	 */
	public boolean isReady() {
		return this.ready.getAsBoolean();
	}

	/**
	 * Estimate a prompt without a correction.
	 * @param prompt the prompt
	 * @return tokens, at least 1
	 */
	public long plain(Prompt prompt) {
		return this.plain.estimate(prompt);
	}

	@Override
	public long estimate(Prompt prompt) {
		return corrected(prompt, plain(prompt));
	}

	/**
	 * Correct an estimate.
	 * @param prompt the prompt
	 * @param plain what was estimated without a correction
	 * @return tokens, at least 1
	 */
	public long corrected(Prompt prompt, long plain) {
		String model = modelOf(prompt);
		if (model == null) {
			return plain;
		}
		// Texts are what is misjudged
		long images = largestImages(prompt);
		return (plain > images) ? this.corrections.correct(model, hasTools(prompt), plain - images) + images
				: this.corrections.correct(model, hasTools(prompt), plain);
	}

	/**
	 * Learn from an answer.
	 * @param prompt the prompt
	 * @param plain what was estimated without a correction
	 * @param counted how many tokens of the prompt xAI counted
	 */
	public void learn(Prompt prompt, long plain, long counted) {
		String model = modelOf(prompt);
		if (model != null && plain > 0 && counted > 0) {
			this.corrections.learn(model, hasTools(prompt), plain, counted);
		}
	}

	/**
	 * What the images of a prompt count as at most.
	 * @param prompt the prompt
	 * @return tokens
	 */
	public static long largestImages(Prompt prompt) {
		return images(prompt) * PromptTokenEstimator.LARGEST_IMAGE;
	}

	/**
	 * What the images of a prompt count as at least.
	 * @param prompt the prompt
	 * @return tokens
	 */
	public static long smallestImages(Prompt prompt) {
		return images(prompt) * PromptTokenEstimator.SMALLEST_IMAGE;
	}

	private static long images(Prompt prompt) {
		long images = 0;
		for (Message message : prompt.getInstructions()) {
			if (message instanceof MediaContent content) {
				images += content.getMedia().size();
			}
		}
		return images;
	}

	private static @Nullable String modelOf(Prompt prompt) {
		ChatOptions options = prompt.getOptions();
		return (options != null) ? options.getModel() : null;
	}

	private static boolean hasTools(Prompt prompt) {
		return prompt.getOptions() instanceof ToolCallingChatOptions options
				&& !CollectionUtils.isEmpty(options.getToolCallbacks());
	}

}
