package io.github.grokspring.scrub;

import org.springframework.util.Assert;

/**
 * Settings of the {@link RunawayGuardChatModel}. Output is stopped if it ends with the
 * same unit of at most {@code maxUnit} characters, repeated at least
 * {@code minRepetitions} times over at least {@code minCharacters} characters.
 *
 * @param enabled whether to check responses unless the request overrides it
 * @param minRepetitions the minimum number of repetitions, at least 2
 * @param minCharacters the minimum length of all repetitions in characters, at least 1
 * @param maxUnit the maximum length of the repeated unit in characters, from 1 to
 * {@value #MAX_UNIT}
 * @since 0.1.0
 */
public record RunawayGuardSettings(boolean enabled, int minRepetitions, int minCharacters, int maxUnit) {

	/**
	 * The defaults of {@code grok.runaway-guard}.
	 */
	public static final RunawayGuardSettings DEFAULT = new RunawayGuardSettings(true, 50, 20_000, 2000);

	/**
	 * Maximum length of a unit. A stream needs about eight bytes of memory per character
	 * of it.
	 */
	public static final int MAX_UNIT = 100_000;

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if a number is out of range
	 */
	public RunawayGuardSettings {
		Assert.isTrue(minRepetitions >= 2, "'minRepetitions' must be at least 2");
		Assert.isTrue(minCharacters >= 1, "'minCharacters' must be at least 1");
		Assert.isTrue(maxUnit >= 1 && maxUnit <= MAX_UNIT, () -> "'maxUnit' must be between 1 and " + MAX_UNIT);
	}

	RepetitionDetector newDetector() {
		return new RepetitionDetector(this.minRepetitions, this.minCharacters, this.maxUnit);
	}

}
