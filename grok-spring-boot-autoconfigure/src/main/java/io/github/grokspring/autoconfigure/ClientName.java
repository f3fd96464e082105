package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.springframework.util.StringUtils;

/**
 * The name of a client and of its bean.
 *
 * @param written the name as it is written in configuration ({@code deep-thought})
 * @param camelCase the same in camel case ({@code deepThought})
 */
record ClientName(String written, String camelCase) {

	private static final Pattern VALID = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*([-_][a-zA-Z0-9]+)*");

	private static final Pattern HUMP = Pattern.compile("[-_]([a-zA-Z0-9])");

	/**
	 * Parses a name.
	 * @param written the name as it is written in configuration
	 * @return the name
	 * @throws GrokConfigurationException if it is not a valid name
	 */
	static ClientName of(String written) {
		String property = GrokClientSettings.NAMED + "." + written;
		if (!VALID.matcher(written).matches()) {
			throw new GrokConfigurationException(GrokClientSettings.NAMED,
					"contains a client named '" + written + "', which cannot be used in the name of a bean",
					"Use a name that begins with a letter and contains letters, digits and hyphens only, for example"
							+ " 'deep-thought'.");
		}
		if (written.equals(GrokClientSettings.DEFAULT)) {
			throw new GrokConfigurationException(property, "has the reserved name of the default client",
					"Move its properties to 'grok.chat', or choose another name.");
		}
		return new ClientName(written,
				StringUtils.uncapitalize(HUMP.matcher(written).replaceAll(ClientName::upperCased)));
	}

	private static String upperCased(MatchResult hump) {
		return hump.group(1).toUpperCase(Locale.ROOT);
	}

	String beanName() {
		return this.camelCase + "ChatClient";
	}

	List<String> aliases() {
		return this.written.equals(this.camelCase) ? List.of(this.written) : List.of(this.written, this.camelCase);
	}

}
