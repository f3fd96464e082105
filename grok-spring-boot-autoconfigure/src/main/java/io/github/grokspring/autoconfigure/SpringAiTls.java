package io.github.grokspring.autoconfigure;

import java.util.Arrays;

import javax.net.ssl.X509TrustManager;

import io.github.grokspring.openai.OpenAiTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Turns an SSL bundle into what the transport {@code spring-ai} understands.
 */
final class SpringAiTls {

	private SpringAiTls() {
	}

	static OpenAiTransport.@Nullable Tls of(@Nullable SslBundle bundle) {
		if (bundle == null) {
			return null;
		}
		X509TrustManager trustManager = Arrays.stream(bundle.getManagers().getTrustManagers())
			.filter(X509TrustManager.class::isInstance)
			.map(X509TrustManager.class::cast)
			.findFirst()
			.orElseThrow(() -> new GrokConfigurationException("grok.http.ssl-bundle",
					"names a bundle without trust for X.509 certificates",
					"Give the bundle a trust store, or remove the property."));
		return new OpenAiTransport.Tls(bundle.createSslContext().getSocketFactory(), trustManager);
	}

}
