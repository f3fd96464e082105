package io.github.grokspring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.grokspring.chain.InsecureUrlValidator;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The validated value of {@code grok.base-url}. Any host and any path before {@code /v1}
 * is accepted, to support gateways and proxies.
 *
 * @param value the URL, without a trailing slash
 * @param host its host, in lower case
 */
record BaseUrl(String value, String host) {

	static final String PROPERTY = "grok.base-url";

	static final String DEFAULT = "https://api.x.ai/v1";

	private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*://.*");

	private static final Pattern ENDPOINT = Pattern.compile("(.*?/v1)/(?!.*v1(/|$)).+");

	/**
	 * Validates a base URL.
	 * @param text the configured value, blank for the default
	 * @return the base URL
	 * @throws GrokConfigurationException if it is not valid
	 */
	static BaseUrl of(@Nullable String text) {
		String url = StringUtils.hasText(text) ? withoutTrailingSlashes(text.strip()) : DEFAULT;
		// First, because messages of other failures contain the URL
		if (url.indexOf('@') >= 0) {
			throw new GrokConfigurationException(PROPERTY, "contains a user name or password",
					"Set the property to a URL without them, for example " + DEFAULT
							+ ", and set 'grok.api-key' to the key.");
		}
		if (url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
			throw new GrokConfigurationException(PROPERTY, "contains a query or fragment",
					"Set the property to a URL that ends with /v1, for example " + DEFAULT
							+ ". To send additional values to a gateway, use 'grok.http.headers'.");
		}
		if (!SCHEME.matcher(url).matches()) {
			String instead = url.startsWith("http") ? DEFAULT : "https://" + url.replaceFirst("/v1(/.*)?$", "") + "/v1";
			throw failure(url, "has no scheme", instead);
		}
		URI uri = parse(url);
		String scheme = uri.getScheme().toLowerCase(Locale.ROOT);
		if (!scheme.equals("https") && !scheme.equals("http")) {
			throw failure(url, "has the scheme '" + uri.getScheme() + "'",
					"https" + url.substring(uri.getScheme().length()));
		}
		if (!StringUtils.hasText(uri.getHost())) {
			throw failure(url, "has no host", DEFAULT);
		}
		checkPath(url, uri.getRawPath());
		BaseUrl baseUrl = new BaseUrl(url, uri.getHost().toLowerCase(Locale.ROOT));
		if (baseUrl.isXai() && scheme.equals("http")) {
			throw failure(url, "would send the API key unencrypted", "https" + url.substring("http".length()));
		}
		return baseUrl;
	}

	private static URI parse(String url) {
		try {
			return new URI(url);
		}
		catch (URISyntaxException ex) {
			throw new GrokConfigurationException(PROPERTY, "is not a valid URL: " + ex.getReason(),
					"Set the property to a URL, for example " + DEFAULT + ".");
		}
	}

	private static void checkPath(String url, String path) {
		if (path.contains("/v1/v1")) {
			throw failure(url, "contains /v1 twice", url.replaceFirst("/v1(/v1)+.*", "/v1"));
		}
		if (path.endsWith("/v1")) {
			return;
		}
		if (ENDPOINT.matcher(path).matches()) {
			throw failure(url, "continues after /v1 with the path of an endpoint",
					url.substring(0, url.lastIndexOf("/v1") + 3));
		}
		throw failure(url, "does not end with /v1", url + "/v1");
	}

	private static GrokConfigurationException failure(String url, String problem, String instead) {
		return new GrokConfigurationException(PROPERTY, "is '" + url + "', which " + problem, "Set '" + PROPERTY
				+ "' to '" + instead + "'. Paths of endpoints, for example /chat/completions, are appended to it.");
	}

	private static String withoutTrailingSlashes(String url) {
		int end = url.length();
		while (end > 0 && url.charAt(end - 1) == '/') {
			end--;
		}
		return url.substring(0, end);
	}

	/**
	 * Requires a URL that does not send the API key unencrypted over a network.
	 * @param allowInsecure whether unencrypted connections are allowed
	 * @return this URL
	 * @throws GrokConfigurationException if the key would be sent unencrypted
	 */
	BaseUrl encrypted(boolean allowInsecure) {
		if (!allowInsecure && InsecureUrlValidator.isInsecure(this.value)) {
			throw new GrokConfigurationException(PROPERTY,
					"is '" + this.value + "', which would send the API key and all prompts unencrypted to '" + this.host
							+ "'",
					"Set the property to 'https" + this.value.substring("http".length())
							+ "', or set 'grok.http.allow-insecure' to 'true' if you trust the network.");
		}
		return this;
	}

	/**
	 * Whether the URL is one of xAI and not of a gateway or a test server.
	 * @return {@code true} for {@code api.x.ai} and its regions
	 */
	boolean isXai() {
		return isXai(this.host);
	}

	static boolean isXai(String host) {
		return host.equals("api.x.ai") || host.endsWith(".api.x.ai");
	}

}
