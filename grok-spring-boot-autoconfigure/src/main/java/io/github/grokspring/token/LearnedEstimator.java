package io.github.grokspring.token;

import java.util.Objects;
import java.util.function.BooleanSupplier;

import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;

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
		ChatOptions options = prompt.getOptions();
		String model = (options != null) ? options.getModel() : null;
		long estimate = plain(prompt);
		return (model != null) ? this.corrections.correct(model, estimate) : estimate;
	}

	/**
	 * What was learned.
	 * @return the corrections
	 */
	public TokenCorrections corrections() {
		return this.corrections;
	}

}
