package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.StringUtils;

/**
 * Properties of the catalogue of models.
 *
 * @param refresh When prices and capabilities of models are read from xAI: never,
 * startup, or how often
 */
@ConfigurationProperties("grok.catalog")
record GrokCatalogProperties(@DefaultValue("never") String refresh) {

	private static final String NEVER = "never";

	private static final String STARTUP = "startup";

	GrokCatalogProperties {
		refresh = StringUtils.hasText(refresh) ? refresh.strip().toLowerCase(Locale.ROOT) : NEVER;
		boolean word = refresh.equals(NEVER) || refresh.equals(STARTUP);
		if (!word && !isPositive(refresh)) {
			throw new GrokConfigurationException("refresh",
					"is '" + refresh + "', which is neither never nor startup nor a duration longer than 0",
					"Write 'never', 'startup', or a duration such as 6h for how often.");
		}
	}

	private static boolean isPositive(String text) {
		try {
			Duration duration = DurationStyle.detectAndParse(text);
			return !duration.isZero() && !duration.isNegative();
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return false;
		}
	}

	/**
	 * Whether the catalogue is refreshed at all.
	 */
	boolean refreshes() {
		return !this.refresh.equals(NEVER);
	}

	/**
	 * How long to wait after a refresh for the next one.
	 * @return the time, or {@code null} if there is no next one
	 */
	@Nullable Duration interval() {
		return (refreshes() && !this.refresh.equals(STARTUP)) ? DurationStyle.detectAndParse(this.refresh) : null;
	}

}
