package io.github.grokspring.autoconfigure;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

import io.github.grokspring.chain.UnencryptedSecrets;
import org.jspecify.annotations.Nullable;

import org.springframework.util.StringUtils;

/**
 * The checked value of {@code grok.base-url}. Any host and any path in front of
 * {@code /v1} is accepted, so that gateways and proxies can be used.
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
	 * Check a base URL.
	 * @param text what was configured; blank for the default
	 * @return the base URL
	 * @throws GrokConfigurationException if it cannot be one
	 */
	static BaseUrl of(@Nullable String text) {
		String url = StringUtils.hasText(text) ? withoutTrailingSlashes(text.strip()) : DEFAULT;
		// First of all, because other failures show the URL, and these may be secret
		if (url.indexOf('@') >= 0) {
			throw new GrokConfigurationException(PROPERTY, "holds a user or password",
					"Write a URL such as " + DEFAULT + " without them; the key belongs into 'grok.api-key'.");
		}
		if (url.indexOf('?') >= 0 || url.indexOf('#') >= 0) {
			throw new GrokConfigurationException(PROPERTY, "has a query or fragment", "Write a URL such as " + DEFAULT
					+ " that ends in /v1; what a gateway needs to know besides the key can be sent with 'grok.http.headers'.");
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
			throw new GrokConfigurationException(PROPERTY, "is no URL: " + ex.getReason(),
					"Write a URL such as " + DEFAULT + ".");
		}
	}

	private static void checkPath(String url, String path) {
		if (path.contains("/v1/v1")) {
			throw failure(url, "has /v1 twice", url.replaceFirst("/v1(/v1)+.*", "/v1"));
		}
		if (path.endsWith("/v1")) {
			return;
		}
		if (ENDPOINT.matcher(path).matches()) {
			throw failure(url, "goes on after /v1, as if it were the URL of one endpoint",
					url.substring(0, url.lastIndexOf("/v1") + 3));
		}
		throw failure(url, "does not end in /v1", url + "/v1");
	}

	private static GrokConfigurationException failure(String url, String problem, String instead) {
		return new GrokConfigurationException(PROPERTY, "is '" + url + "', which " + problem, "Write '" + instead
				+ "' as the value of '" + PROPERTY + "'; paths such as /chat/completions are added to it.");
	}

	private static String withoutTrailingSlashes(String url) {
		int end = url.length();
		while (end > 0 && url.charAt(end - 1) == '/') {
			end--;
		}
		return url.substring(0, end);
	}

	/**
	 * Make sure that the API key is not sent unencrypted over a network.
	 * @param allowInsecure whether that is wanted
	 * @return this URL
	 * @throws GrokConfigurationException if it would be
	 */
	BaseUrl encrypted(boolean allowInsecure) {
		if (!allowInsecure && UnencryptedSecrets.isInsecure(this.value)) {
			throw new GrokConfigurationException(PROPERTY,
					"is '" + this.value + "', which would send the API key and all prompts unencrypted to '" + this.host
							+ "'",
					"Write 'https" + this.value.substring("http".length())
							+ "', or set 'grok.http.allow-insecure' to 'true' if the network can be trusted.");
		}
		return this;
	}

	/**
	 * Whether the URL leads to xAI itself, and not to a gateway or a double.
	 * @return {@code true} for {@code api.x.ai} and its regions
	 */
	boolean isXai() {
		return isXai(this.host);
	}

	static boolean isXai(String host) {
		return host.equals("api.x.ai") || host.endsWith(".api.x.ai");
	}

}
