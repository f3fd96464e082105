package io.github.grokspring.autoconfigure;

import java.util.Arrays;

import javax.net.ssl.X509TrustManager;

import io.github.grokspring.openai.OpenAiTransport;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.SslBundle;

/**
 * Converts an SSL bundle to the TLS settings of the transport {@code spring-ai}.
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
					"refers to a bundle without an X.509 trust manager",
					"Add a trust store to the bundle, or remove the property."));
		return new OpenAiTransport.Tls(bundle.createSslContext().getSocketFactory(), trustManager);
	}

}
