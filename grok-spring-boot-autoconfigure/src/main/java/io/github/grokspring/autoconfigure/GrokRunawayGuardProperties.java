package io.github.grokspring.autoconfigure;

import io.github.grokspring.scrub.RunawayGuardSettings;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Properties of the guard against runaway repetition.
 *
 * @param enabled Whether to stop streams in which the model repeats itself endlessly.
 * @param minRepetitions Minimum number of repetitions of the same unit.
 * @param minCharacters Minimum total length of the repetitions, in characters.
 * @param maxUnit Maximum length of the repeated unit, in characters.
 */
@ConfigurationProperties("grok.runaway-guard")
record GrokRunawayGuardProperties(@DefaultValue("true") Boolean enabled, @DefaultValue("50") Integer minRepetitions,
		@DefaultValue("20000") Integer minCharacters, @DefaultValue("2000") Integer maxUnit) {

	GrokRunawayGuardProperties {
		require("min-repetitions", minRepetitions, 2, Integer.MAX_VALUE);
		require("min-characters", minCharacters, 1, Integer.MAX_VALUE);
		require("max-unit", maxUnit, 1, RunawayGuardSettings.MAX_UNIT);
	}

	private static void require(String name, int value, int least, int most) {
		if (value < least || value > most) {
			throw new GrokConfigurationException(name,
					"is " + value + " but must be "
							+ ((most < Integer.MAX_VALUE) ? "between " + least + " and " + most : "at least " + least),
					"Set the property to a number in this range, or remove it. To disable the guard, set"
							+ " 'grok.runaway-guard.enabled' to 'false'.");
		}
	}

	/**
	 * Converts to the settings of the stage.
	 * @return the settings
	 */
	RunawayGuardSettings toSettings() {
		return new RunawayGuardSettings(this.enabled, this.minRepetitions, this.minCharacters, this.maxUnit);
	}

}
