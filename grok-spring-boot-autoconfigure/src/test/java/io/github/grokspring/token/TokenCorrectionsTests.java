package io.github.grokspring.token;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

/**
 * Tests for {@link TokenCorrections}.
 */
class TokenCorrectionsTests {

	private final TokenCorrections corrections = new TokenCorrections((name) -> name.replace("-latest", ""));

	@Test
	void whatNothingWasLearnedOfStaysAsItIs() {
		assertThat(this.corrections.correct("grok-4.3", false, 1_000)).isEqualTo(1_000);
		this.corrections.learn("grok-4.3", false, 10, 210);
		assertThat(this.corrections.correct("grok-4.7", false, 1_000)).isEqualTo(1_000);
	}

	@Test
	void aShortPromptTellsAtOnceWhatIsPutBeforeEveryPrompt() {
		this.corrections.learn("grok-4.3-latest", false, 10, 210);
		assertThat(this.corrections.correct("grok-4.3", false, 10)).isEqualTo(210);
		assertThat(this.corrections.correct("grok-4.3", false, 10_000)).isEqualTo(10_200);
		assertThat(this.corrections.correctText("grok-4.3", 10_000)).isEqualTo(10_000);
	}

	@Test
	void whatIsPutBeforeToolsIsLearnedByItself() {
		this.corrections.learn("grok-4.3", false, 10, 210);
		this.corrections.learn("grok-4.3", true, 100, 500);
		assertThat(this.corrections.correct("grok-4.3", false, 100)).isEqualTo(300);
		assertThat(this.corrections.correct("grok-4.3", true, 100)).isEqualTo(500);
	}

	@Test
	void longPromptsTellHowFarTextIsMisjudged() {
		for (int i = 0; i < 50; i++) {
			this.corrections.learn("grok-4.3", false, 10_000, 13_000);
		}
		assertThat(this.corrections.correct("grok-4.3", false, 20_000)).isCloseTo(26_000, within(200L));
		assertThat(this.corrections.correctText("grok-4.3", 100)).isEqualTo(130);
	}

	@Test
	void anOddCountMovesLittle() {
		for (int i = 0; i < 50; i++) {
			this.corrections.learn("grok-4.3", false, 100, 300);
			this.corrections.learn("grok-4.3", false, 10_000, 10_200);
		}
		this.corrections.learn("grok-4.3", false, 100, 1_000_000);
		this.corrections.learn("grok-4.3", false, 10_000, 1);
		assertThat(this.corrections.correct("grok-4.3", false, 10_000)).isCloseTo(10_200, within(500L));
	}

	@Test
	void oneCountMovesWhatIsKnownByABoundedStep() {
		this.corrections.learn("grok-4.3", false, 10_000, 20_000);
		assertThat(this.corrections.correct("grok-4.3", false, 10_000)).isEqualTo(11_000);
		this.corrections.learn("grok-4.7", false, 100, 300);
		this.corrections.learn("grok-4.7", false, 100, 1_000_000);
		assertThat(this.corrections.correct("grok-4.7", false, 100)).isEqualTo(400);
	}

	@Test
	void neverLearnsWhatIsNotPlausible() {
		for (int i = 0; i < 1_000; i++) {
			this.corrections.learn("grok-4.3", false, 1, Long.MAX_VALUE / 4);
			this.corrections.learn("grok-4.3", false, 100_000, Long.MAX_VALUE / 4);
			this.corrections.learn("grok-4.7", false, 511, 1);
			this.corrections.learn("grok-4.7", false, 100_000, 1);
		}
		assertThat(this.corrections.correct("grok-4.3", false, 100_000)).isBetween(150_000L, 201_000L);
		assertThat(this.corrections.correct("grok-4.7", false, 100_000)).isBetween(50_000L, 60_000L);
	}

	@Test
	void remembersABoundedNumberOfModels() {
		for (int i = 0; i < 1_000; i++) {
			this.corrections.learn("model-" + i, false, 10, 20);
		}
		assertThat(this.corrections.correct("model-0", false, 10)).isEqualTo(20);
		assertThat(this.corrections.correct("model-999", false, 10)).isEqualTo(10);
	}

	@Test
	void nothingIsLearnedFromNothing() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.corrections.learn("grok-4.3", false, 10, 0));
	}

}
