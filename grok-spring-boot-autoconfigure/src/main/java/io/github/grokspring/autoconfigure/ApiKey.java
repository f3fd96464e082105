package io.github.grokspring.autoconfigure;

import java.util.regex.Pattern;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;
import org.springframework.util.StringUtils;

/**
 * An API key from the configuration, which is not validated yet. Its string form does not
 * contain the key.
 */
final class ApiKey {

	static final String PROPERTY = "grok.api-key";

	static final String VARIABLE = "XAI_API_KEY";

	private static final String WHERE = "Set '" + PROPERTY + "' or the environment variable " + VARIABLE
			+ " to an xAI API key, which begins with 'xai-'. Create keys on https://console.x.ai. To start the"
			+ " application without Grok, set 'grok.enabled' to 'false'.";

	private static final Pattern PLACEHOLDER = Pattern.compile(".*[<>{}].*|.*\\.\\.\\.?|.*\\*{3}.*"
			+ "|.*(?:your|insert|replace|enter|paste)[-_].*|.*your.*(?:key|token|secret).*"
			+ "|(?:xai[-_])?(?:x{3,}|0{4,}|change[-_]?me|placeholder|todo|(?:my[-_])?(?:xai[-_]|grok[-_])?api[-_]?key)"
			+ "(?:[-_]here)?", Pattern.CASE_INSENSITIVE);

	private static final Log logger = LogFactory.getLog(ApiKey.class);

	private final String text;

	private final String source;

	private ApiKey(String text, String source) {
		this.text = text;
		this.source = source;
	}

	/**
	 * Finds the key.
	 * @param property the value of {@code grok.api-key}
	 * @param environment the environment to read the environment variable from
	 * @return the key, not validated yet
	 * @throws GrokConfigurationException if there is none
	 */
	static ApiKey find(@Nullable String property, Environment environment) {
		if (StringUtils.hasText(property) && !isUnresolved(property)) {
			return new ApiKey(property, "'" + PROPERTY + "'");
		}
		String variable = environment.getProperty(VARIABLE);
		if (StringUtils.hasText(variable)) {
			return new ApiKey(variable, VARIABLE);
		}
		throw new GrokConfigurationException(PROPERTY,
				(property != null && isUnresolved(property))
						? "refers to " + property.strip() + ", which is not set, and the environment variable "
								+ VARIABLE + " is not set either"
						: "is not set, and neither is the environment variable " + VARIABLE,
				WHERE);
	}

	private static boolean isUnresolved(String value) {
		return value.strip().startsWith("${") && value.strip().endsWith("}");
	}

	/**
	 * Removes surrounding whitespace and quotes, and validates the key.
	 * @param baseUrl the base URL that it is sent to
	 * @return the key
	 * @throws GrokConfigurationException if it cannot be an xAI API key
	 */
	String checkedFor(BaseUrl baseUrl) {
		String key = unwrap(this.text);
		if (key.isEmpty()) {
			throw new GrokConfigurationException(PROPERTY, "is blank (read from " + this.source + ")", WHERE);
		}
		if (!key.equals(this.text)) {
			logger.warn("The API key in " + this.source
					+ " is surrounded by whitespace or quotes, which are ignored. Remove them.");
		}
		if (!key.chars().allMatch((c) -> c > ' ' && c < 127)) {
			throw new GrokConfigurationException(PROPERTY,
					"contains whitespace or a special character (read from " + this.source + ")",
					"Copy the complete key from https://console.x.ai again.");
		}
		if (PLACEHOLDER.matcher(key).matches()) {
			throw new GrokConfigurationException(PROPERTY,
					"is a placeholder instead of a key (read from " + this.source + ")", WHERE);
		}
		if (key.startsWith("sk-")) {
			throw new GrokConfigurationException(PROPERTY,
					"begins with 'sk-', which is a key of another provider (read from " + this.source + ")", WHERE);
		}
		if (key.startsWith("xai-token-")) {
			throw new GrokConfigurationException(PROPERTY,
					"begins with 'xai-token-', which is a management key and cannot call models (read from "
							+ this.source + ")",
					WHERE);
		}
		if (!key.startsWith("xai-") && baseUrl.isXai()) {
			logger.warn("The API key in " + this.source + " does not begin with 'xai-' like xAI API keys. If "
					+ baseUrl.host() + " rejects it, create a key on https://console.x.ai.");
		}
		return key;
	}

	private static String unwrap(String text) {
		int start = 0;
		int end = text.length();
		while (start < end && isWrapping(text.charAt(start))) {
			start++;
		}
		while (end > start && isWrapping(text.charAt(end - 1))) {
			end--;
		}
		return text.substring(start, end);
	}

	private static boolean isWrapping(char c) {
		return c <= ' ' || c == '"' || c == '\'' || c == '`' || c == '\u00a0' || c == '\ufeff' || c == '\u200b'
				|| (c >= '\u2018' && c <= '\u201f');
	}

	@Override
	public String toString() {
		return "ApiKey from " + this.source;
	}

}
