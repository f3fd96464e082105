package io.github.grokspring.token;

import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.prompt.ChatOptions;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.MediaContent;
import org.springframework.ai.model.tool.ToolCallingChatOptions;
import org.springframework.ai.tokenizer.TokenCountEstimator;
import org.springframework.util.Assert;
import org.springframework.util.CollectionUtils;

/**
 * Calibrates the estimates of another {@link PromptTokenEstimator} per model, using the
 * input tokens that xAI reported for earlier prompts.
 * <p>
 * Short prompts reveal the overhead, that is, the tokens of xAI's hidden system prompt,
 * which differs when tools are present. Long prompts reveal the factor by which text is
 * misjudged. A single count changes either by a limited step and within plausible bounds,
 * so that an outlier does no harm. Estimates for unknown models are returned unchanged.
 * Images are not calibrated.
 * <p>
 * Reads do not lock. At most 512 calibrations are held. Thread-safe.
 *
 * @since 0.1.0
 */
public final class CalibratedEstimator implements PromptTokenEstimator {

	/**
	 * Estimated tokens from which a prompt reveals the factor rather than the overhead.
	 */
	private static final long LONG_PROMPT = 512;

	private static final int MAX_CALIBRATIONS = 512;

	private final PromptTokenEstimator delegate;

	private final UnaryOperator<String> modelIds;

	private final BooleanSupplier ready;

	private final Map<Key, Calibration> calibrations = new ConcurrentHashMap<>();

	/**
	 * Creates an estimator without calibrations.
	 * @param delegate the estimator to calibrate
	 * @param modelIds resolves a model name to the id of the model
	 */
	public CalibratedEstimator(PromptTokenEstimator delegate, UnaryOperator<String> modelIds) {
		this(delegate, modelIds, () -> true);
	}

	/**
	 * Creates an estimator without calibrations.
	 * @param delegate the estimator to calibrate
	 * @param modelIds resolves a model name to the id of the model
	 * @param ready whether the delegate currently estimates a short prompt within
	 * microseconds
	 */
	public CalibratedEstimator(PromptTokenEstimator delegate, UnaryOperator<String> modelIds, BooleanSupplier ready) {
		this.delegate = Objects.requireNonNull(delegate, "'delegate' must not be null");
		this.modelIds = Objects.requireNonNull(modelIds, "'modelIds' must not be null");
		this.ready = Objects.requireNonNull(ready, "'ready' must not be null");
	}

	/**
	 * Returns whether a short prompt is currently estimated within microseconds.
	 * @return {@code true} if estimating is cheap
	 */
	public boolean isReady() {
		return this.ready.getAsBoolean();
	}

	@Override
	public long estimate(Prompt prompt) {
		return calibrate(prompt, estimateUncalibrated(prompt));
	}

	/**
	 * Returns the estimate of the delegate.
	 * @param prompt the prompt
	 * @return tokens, at least 1
	 */
	public long estimateUncalibrated(Prompt prompt) {
		return this.delegate.estimate(prompt);
	}

	/**
	 * Calibrates an estimate of the delegate.
	 * @param prompt the prompt
	 * @param estimate the uncalibrated estimate
	 * @return tokens, at least 1
	 */
	public long calibrate(Prompt prompt, long estimate) {
		String model = modelOf(prompt);
		if (model == null) {
			return estimate;
		}
		long images = (long) LARGEST_IMAGE * imageCount(prompt);
		return (estimate > images) ? calibrate(model, hasTools(prompt), estimate - images) + images
				: calibrate(model, hasTools(prompt), estimate);
	}

	long calibrate(String model, boolean tools, long estimate) {
		Calibration calibration = calibration(model, tools);
		return Math.max(1, Math.round(calibration.factor * estimate + calibration.overhead));
	}

	/**
	 * Updates the calibration of a model.
	 * @param prompt the prompt that was sent
	 * @param estimate the uncalibrated estimate
	 * @param counted the tokens that xAI counted for the prompt
	 */
	public void update(Prompt prompt, long estimate, long counted) {
		String model = modelOf(prompt);
		if (model != null && estimate > 0 && counted > 0) {
			update(model, hasTools(prompt), estimate, counted);
		}
	}

	void update(String model, boolean tools, long estimate, long counted) {
		Assert.isTrue(estimate > 0 && counted > 0, "Numbers of tokens must be positive");
		Key key = new Key(this.modelIds.apply(model), tools);
		if (this.calibrations.size() < MAX_CALIBRATIONS || this.calibrations.containsKey(key)) {
			this.calibrations.merge(key, Calibration.NONE.with(estimate, counted),
					(current, first) -> current.with(estimate, counted));
		}
	}

	/**
	 * Returns an estimator for texts that applies the factor of a model, but not its
	 * overhead.
	 * @param texts the estimator whose counts are calibrated; it has to count as the
	 * delegate does
	 * @param model the name of the model
	 * @return the estimator for texts
	 */
	public TokenCountEstimator forTexts(TokenCountEstimator texts, String model) {
		return new TextTokenizer() {

			@Override
			int count(String text) {
				return (int) Math.min(Integer.MAX_VALUE, calibrateText(model, texts.estimate(text)));
			}

		};
	}

	long calibrateText(String model, long estimate) {
		Calibration calibration = calibration(model, false);
		return Math.round(((calibration.factors > 0) ? calibration : calibration(model, true)).factor * estimate);
	}

	private Calibration calibration(String model, boolean tools) {
		return this.calibrations.isEmpty() ? Calibration.NONE
				: this.calibrations.getOrDefault(new Key(this.modelIds.apply(model), tools), Calibration.NONE);
	}

	/**
	 * Returns the number of images in a prompt.
	 * @param prompt the prompt
	 * @return the number of images
	 */
	public static int imageCount(Prompt prompt) {
		int images = 0;
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

	private record Key(String modelId, boolean tools) {

	}

	/**
	 * Moving averages of the overhead and the factor.
	 */
	private record Calibration(double overhead, int overheads, double factor, int factors) {

		static final Calibration NONE = new Calibration(0, 0, 1, 0);

		private static final double MAX_OVERHEAD = 1_000;

		private static final double MIN_FACTOR = 0.5;

		private static final double MAX_FACTOR = 2;

		private static final int WINDOW = 16;

		private static final double MAX_STEP = 0.1;

		Calibration with(long estimate, long counted) {
			if (estimate < LONG_PROMPT) {
				double seen = clamp(counted - this.factor * estimate, 0, MAX_OVERHEAD);
				double step = (this.overheads == 0) ? MAX_OVERHEAD : MAX_STEP * MAX_OVERHEAD;
				return new Calibration(average(this.overhead, seen, this.overheads, step),
						Math.min(this.overheads + 1, WINDOW), this.factor, this.factors);
			}
			double seen = clamp((counted - this.overhead) / estimate, MIN_FACTOR, MAX_FACTOR);
			return new Calibration(this.overhead, this.overheads, average(this.factor, seen, this.factors, MAX_STEP),
					Math.min(this.factors + 1, WINDOW));
		}

		private static double average(double current, double seen, int count, double maxStep) {
			return current + clamp((seen - current) / (count + 1), -maxStep, maxStep);
		}

		private static double clamp(double value, double min, double max) {
			return Math.min(max, Math.max(min, value));
		}

	}

}
