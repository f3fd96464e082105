package io.github.grokspring.autoconfigure;

import org.springframework.core.env.Environment;

/**
 * Connection details from {@code grok.base-url} and {@code grok.api-key}, else the
 * environment variable {@code XAI_API_KEY}.
 */
final class PropertiesGrokConnectionDetails implements GrokConnectionDetails {

	private final BaseUrl baseUrl;

	private final String apiKey;

	PropertiesGrokConnectionDetails(GrokProperties properties, GrokHttpProperties http, Environment environment) {
		this.baseUrl = BaseUrl.of(properties.baseUrl()).encrypted(http.allowInsecure());
		this.apiKey = ApiKey.find(properties.apiKey(), environment).checkedFor(this.baseUrl);
	}

	@Override
	public String getBaseUrl() {
		return this.baseUrl.value();
	}

	@Override
	public String getApiKey() {
		return this.apiKey;
	}

	/**
	 * Shows where, not with which key.
	 */
	@Override
	public String toString() {
		return "GrokConnectionDetails[" + this.baseUrl.value() + "]";
	}

}
