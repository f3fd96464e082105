package io.github.grokspring.autoconfigure;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.core.env.Environment;

/**
 * Connection details from {@code grok.base-url} and {@code grok.api-key} or the
 * environment variable {@code XAI_API_KEY}. A missing or malformed key fails on first
 * use, because an application without a Grok model does not need one.
 */
final class PropertiesGrokConnectionDetails implements GrokConnectionDetails {

	private final BaseUrl baseUrl;

	private final @Nullable String apiKey;

	private final @Nullable GrokConfigurationException failure;

	PropertiesGrokConnectionDetails(GrokProperties properties, GrokHttpProperties http, Environment environment) {
		this.baseUrl = BaseUrl.of(properties.baseUrl()).encrypted(http.allowInsecure());
		String key = null;
		GrokConfigurationException invalid = null;
		try {
			key = ApiKey.find(properties.apiKey(), environment).checkedFor(this.baseUrl);
		}
		catch (GrokConfigurationException ex) {
			invalid = ex;
		}
		this.apiKey = key;
		this.failure = invalid;
	}

	@Override
	public String getBaseUrl() {
		return this.baseUrl.value();
	}

	@Override
	public String getApiKey() {
		if (this.apiKey == null) {
			throw Objects.requireNonNull(this.failure);
		}
		return this.apiKey;
	}

	/**
	 * Contains no API key.
	 */
	@Override
	public String toString() {
		return "GrokConnectionDetails[" + this.baseUrl.value() + "]";
	}

}
