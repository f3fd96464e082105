package io.github.grokspring.autoconfigure;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

import io.github.grokspring.redaction.Detection;
import io.github.grokspring.redaction.RedactionMode;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;

/**
 * Properties of redaction.
 *
 * @param enabled Whether to redact sensitive values in prompts before any other
 * processing.
 * @param detect Comma-separated list of kinds of values to detect.
 * @param patterns Regular expressions for additional sensitive values, by a name that
 * placeholders and meters use.
 * @param mode Action to take when a prompt contains sensitive values.
 * @param phoneRegions Comma-separated list of regions whose phone numbers are also
 * detected without a country code.
 * @param restoreInUrls Whether to restore redacted values within URLs in the response as
 * well.
 */
// @formatter:off
@ConfigurationProperties("grok.redaction")
record GrokRedactionProperties(@DefaultValue("false") Boolean enabled,
		@DefaultValue({ "secrets", "credit-card", "email", "iban", "phone", "ip-address", "us-ssn" })
		Set<Detection> detect,
		@DefaultValue Map<String, String> patterns, @DefaultValue("reversible") RedactionMode mode,
		@DefaultValue("US") Set<String> phoneRegions, @DefaultValue("false") Boolean restoreInUrls) {
	// @formatter:on

	GrokRedactionProperties {
		detect = Set.copyOf(detect);
		patterns = new LinkedHashMap<>(patterns);
		patterns.forEach(GrokRedactionProperties::compile);
		Set<String> regions = new LinkedHashSet<>();
		phoneRegions.forEach((region) -> regions.add(region.strip()));
		phoneRegions = regions;
	}

	/**
	 * Returns the compiled patterns by name, in alphabetical order.
	 * @return the compiled patterns
	 */
	Map<String, Pattern> compiledPatterns() {
		Map<String, Pattern> compiled = new LinkedHashMap<>();
		new TreeMap<>(this.patterns).forEach((name, expression) -> compiled.put(name, compile(name, expression)));
		return compiled;
	}

	private static Pattern compile(String name, String expression) {
		String property = "patterns." + name;
		if (!StringUtils.hasText(expression)) {
			throw new GrokConfigurationException(property, "is empty",
					"Set the property to a regular expression, for example EMP-[0-9]{6}, or remove it.");
		}
		try {
			Pattern pattern = Pattern.compile(expression);
			if (pattern.matcher("").find()) {
				throw new GrokConfigurationException(property, "matches an empty text",
						"Set the property to an expression that matches at least one character, for example with + instead of *.");
			}
			return pattern;
		}
		catch (PatternSyntaxException ex) {
			throw new GrokConfigurationException(property,
					"is not a valid regular expression (" + ex.getDescription() + " near index " + ex.getIndex() + ")",
					"Set the property to an expression in the syntax of java.util.regex.Pattern. In YAML, quote it to preserve"
							+ " backslashes.");
		}
	}

}
