package io.github.grokspring.scrub;

import org.springframework.util.Assert;

/**
 * Settings of the {@link RunawayGuardChatModel}. Text or reasoning has run away when it
 * ends in one unit of at most {@code maxUnit} characters that was repeated at least
 * {@code minRepetitions} times, over at least {@code minCharacters} characters.
 *
 * @param enabled whether responses are watched when a request does not say
 * @param minRepetitions minimum number of repetitions, at least 2
 * @param minCharacters minimum number of characters that the repetitions span, at least 1
 * @param maxUnit maximum number of characters of the repeated unit, from 1 to
 * {@value #LONGEST_UNIT}
 * @since 0.1.0
 */
public record RunawayGuardSettings(boolean enabled, int minRepetitions, int minCharacters, int maxUnit) {

	/**
	 * The defaults of {@code grok.runaway-guard}.
	 */
	public static final RunawayGuardSettings DEFAULT = new RunawayGuardSettings(true, 50, 20_000, 2000);

	/**
	 * The longest unit that can be looked for: some eight bytes are kept for each of its
	 * characters while a response is streamed.
	 */
	public static final int LONGEST_UNIT = 100_000;

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if a number is out of range
	 */
	public RunawayGuardSettings {
		Assert.isTrue(minRepetitions >= 2, "'minRepetitions' must be at least 2");
		Assert.isTrue(minCharacters >= 1, "'minCharacters' must be at least 1");
		Assert.isTrue(maxUnit >= 1 && maxUnit <= LONGEST_UNIT, () -> "'maxUnit' must be between 1 and " + LONGEST_UNIT);
	}

	RepetitionDetector newDetector() {
		return new RepetitionDetector(this.minRepetitions, this.minCharacters, this.maxUnit);
	}

}
