package io.github.grokspring.token;

import io.github.grokspring.chain.GrokChatOptions;
import org.junit.jupiter.api.Test;

import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.content.Media;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.MimeTypeUtils;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link CalibratedEstimator}.
 */
class CalibratedEstimatorTests {

	private final CalibratedEstimator estimator = new CalibratedEstimator((prompt) -> 1,
			(name) -> name.replace("-latest", ""));

	@Test
	void estimatesOfUnknownModelsAreUnchanged() {
		assertThat(this.estimator.calibrate("grok-4.3", false, 1_000)).isEqualTo(1_000);
		this.estimator.update("grok-4.3", false, 10, 210);
		assertThat(this.estimator.calibrate("grok-4.7", false, 1_000)).isEqualTo(1_000);
	}

	@Test
	void shortPromptRevealsOverhead() {
		this.estimator.update("grok-4.3-latest", false, 10, 210);
		assertThat(this.estimator.calibrate("grok-4.3", false, 10)).isEqualTo(210);
		assertThat(this.estimator.calibrate("grok-4.3", false, 10_000)).isEqualTo(10_200);
		assertThat(this.estimator.calibrateText("grok-4.3", 10_000)).isEqualTo(10_000);
	}

	@Test
	void overheadOfToolsIsSeparate() {
		this.estimator.update("grok-4.3", false, 10, 210);
		this.estimator.update("grok-4.3", true, 100, 500);
		assertThat(this.estimator.calibrate("grok-4.3", false, 100)).isEqualTo(300);
		assertThat(this.estimator.calibrate("grok-4.3", true, 100)).isEqualTo(500);
	}

	@Test
	void longPromptsRevealFactor() {
		for (int i = 0; i < 50; i++) {
			this.estimator.update("grok-4.3", false, 10_000, 13_000);
		}
		assertThat(this.estimator.calibrate("grok-4.3", false, 20_000)).isCloseTo(26_000, within(200L));
		assertThat(this.estimator.calibrateText("grok-4.3", 100)).isEqualTo(130);
	}

	@Test
	void outlierHasLittleEffect() {
		for (int i = 0; i < 50; i++) {
			this.estimator.update("grok-4.3", false, 100, 300);
			this.estimator.update("grok-4.3", false, 10_000, 10_200);
		}
		this.estimator.update("grok-4.3", false, 100, 1_000_000);
		this.estimator.update("grok-4.3", false, 10_000, 1);
		assertThat(this.estimator.calibrate("grok-4.3", false, 10_000)).isCloseTo(10_200, within(500L));
	}

	@Test
	void singleCountChangesCalibrationByLimitedStep() {
		this.estimator.update("grok-4.3", false, 10_000, 20_000);
		assertThat(this.estimator.calibrate("grok-4.3", false, 10_000)).isEqualTo(11_000);
		this.estimator.update("grok-4.7", false, 100, 300);
		this.estimator.update("grok-4.7", false, 100, 1_000_000);
		assertThat(this.estimator.calibrate("grok-4.7", false, 100)).isEqualTo(400);
	}

	@Test
	void calibrationStaysWithinPlausibleBounds() {
		for (int i = 0; i < 1_000; i++) {
			this.estimator.update("grok-4.3", false, 1, Long.MAX_VALUE / 4);
			this.estimator.update("grok-4.3", false, 100_000, Long.MAX_VALUE / 4);
			this.estimator.update("grok-4.7", false, 511, 1);
			this.estimator.update("grok-4.7", false, 100_000, 1);
		}
		assertThat(this.estimator.calibrate("grok-4.3", false, 100_000)).isBetween(150_000L, 201_000L);
		assertThat(this.estimator.calibrate("grok-4.7", false, 100_000)).isBetween(50_000L, 60_000L);
	}

	@Test
	void numberOfCalibrationsIsBounded() {
		for (int i = 0; i < 1_000; i++) {
			this.estimator.update("model-" + i, false, 10, 20);
		}
		assertThat(this.estimator.calibrate("model-0", false, 10)).isEqualTo(20);
		assertThat(this.estimator.calibrate("model-999", false, 10)).isEqualTo(10);
	}

	@Test
	void countsMustBePositive() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.estimator.update("grok-4.3", false, 10, 0));
	}

	@Test
	void modelOfTheOptionsIsCalibrated() {
		CalibratedEstimator estimator = new CalibratedEstimator(PromptTokenEstimator.approximate(), (name) -> name);
		estimator.update("grok-4.3", false, 5, 205);
		assertThat(estimator.estimate(new Prompt("abcd", GrokChatOptions.builder().model("grok-4.3").build())))
			.isEqualTo(205);
		assertThat(estimator.estimate(new Prompt("abcd"))).isEqualTo(5);
		assertThat(estimator.estimateUncalibrated(new Prompt("abcd"))).isEqualTo(5);
	}

	@Test
	void imagesAreNotCalibrated() {
		CalibratedEstimator estimator = new CalibratedEstimator(PromptTokenEstimator.approximate(), (name) -> name);
		for (int i = 0; i < 100; i++) {
			estimator.update("grok-4.3", false, 10_000, 15_000);
		}
		Media image = new Media(MimeTypeUtils.IMAGE_PNG, new ByteArrayResource(new byte[] { 1 }));
		Prompt prompt = new Prompt(UserMessage.builder().text("word").media(image, image).build(),
				GrokChatOptions.builder().model("grok-4.3").build());
		assertThat(estimator.estimate(prompt)).isBetween(2 * 1_792L + 5, 2 * 1_792L + 10);
	}

}
