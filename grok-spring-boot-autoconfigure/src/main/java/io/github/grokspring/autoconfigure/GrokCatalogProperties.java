package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.util.StringUtils;

/**
 * Properties of the model catalog.
 *
 * @param refresh Interval at which to read prices and capabilities of models from xAI,
 * "startup" to read them once or "never". If a duration suffix is not specified, seconds
 * are used.
 */
@ConfigurationProperties("grok.catalog")
record GrokCatalogProperties(@DefaultValue("never") String refresh) {

	private static final String NEVER = "never";

	private static final String STARTUP = "startup";

	private static final String ACTION = "Set the property to 'never', 'startup' or an interval of at least one minute, for example 6h.";

	private static final Duration SHORTEST = Duration.ofMinutes(1);

	GrokCatalogProperties {
		refresh = StringUtils.hasText(refresh) ? refresh.strip().toLowerCase(Locale.ROOT) : NEVER;
		if (!refresh.equals(NEVER) && !refresh.equals(STARTUP)) {
			requireLongEnough(refresh);
		}
	}

	private static void requireLongEnough(String refresh) {
		Duration interval = duration(refresh);
		if (interval == null) {
			throw new GrokConfigurationException("refresh",
					"is '" + refresh + "', which is neither 'never' nor 'startup' nor a duration", ACTION);
		}
		if (interval.compareTo(SHORTEST) < 0) {
			throw new GrokConfigurationException("refresh", "is '" + refresh + "', which is shorter than one minute",
					ACTION);
		}
	}

	private static @Nullable Duration duration(String text) {
		try {
			return DurationStyle.detectAndParse(text, ChronoUnit.SECONDS);
		}
		catch (IllegalArgumentException | ArithmeticException ex) {
			return null;
		}
	}

	/**
	 * Whether the catalog is refreshed.
	 */
	boolean refreshes() {
		return !this.refresh.equals(NEVER);
	}

	/**
	 * Returns the interval between refreshes.
	 * @return the interval, or {@code null} if the catalog is not refreshed periodically
	 */
	@Nullable Duration interval() {
		return (refreshes() && !this.refresh.equals(STARTUP)) ? duration(this.refresh) : null;
	}

}
