package io.github.grokspring.autoconfigure;

import java.util.List;
import java.util.Locale;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

import org.springframework.util.StringUtils;

/**
 * The name of a client and what its bean is called.
 *
 * @param written the name as it is written in configuration ({@code deep-thought})
 * @param camelCase the same in camel case ({@code deepThought})
 */
record ClientName(String written, String camelCase) {

	private static final Pattern VALID = Pattern.compile("[a-zA-Z][a-zA-Z0-9]*([-_][a-zA-Z0-9]+)*");

	private static final Pattern HUMP = Pattern.compile("[-_]([a-zA-Z0-9])");

	/**
	 * Read a name.
	 * @param written the name as it is written in configuration
	 * @return the name
	 * @throws GrokConfigurationException if no bean can be called like it
	 */
	static ClientName of(String written) {
		String property = GrokClientSettings.NAMED + "." + written;
		if (!VALID.matcher(written).matches()) {
			throw new GrokConfigurationException(GrokClientSettings.NAMED,
					"has a client called '" + written + "', after which no bean can be named",
					"Write a name of letters, digits and hyphens that begins with a letter, such as 'deep-thought'.");
		}
		if (written.equals(GrokClientSettings.DEFAULT)) {
			throw new GrokConfigurationException(property, "is called like the client without a name",
					"Write its properties below 'grok.chat', or choose another name.");
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
