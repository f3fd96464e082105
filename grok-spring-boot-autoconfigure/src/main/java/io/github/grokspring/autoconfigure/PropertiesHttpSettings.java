package io.github.grokspring.autoconfigure;

import java.util.Arrays;
import java.util.function.Consumer;

import io.github.grokspring.connection.HttpSettings;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.ssl.NoSuchSslBundleException;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.ssl.SslOptions;
import org.springframework.util.Assert;

/**
 * Adapts {@link GrokHttpProperties} to {@link HttpSettings}.
 *
 * @param properties the properties
 * @param sslBundles the SSL bundles, if there are any
 */
record PropertiesHttpSettings(GrokHttpProperties properties, @Nullable SslBundles sslBundles) {

	HttpSettings settings(BaseUrl baseUrl) {
		return new HttpSettings(baseUrl.value(), this.properties.connectTimeout(), this.properties.readTimeout(),
				this.properties.reasoningReadTimeout(), this.properties.callTimeout(),
				this.properties.streamIdleTimeout(), this.properties.maxConnections(), this.properties.maxIdleTime(),
				this.properties.protocol(), proxy(this.properties.proxy()), this.properties.headers(), tls(),
				this.properties.maxResponseSize(), this.properties.contentTimeout(),
				keepAlive(this.properties.tcpKeepAlive()));
	}

	private static HttpSettings.TcpKeepAlive keepAlive(GrokHttpProperties.TcpKeepAlive keepAlive) {
		return new HttpSettings.TcpKeepAlive(keepAlive.idle(), keepAlive.interval(), keepAlive.count());
	}

	private static HttpSettings.@Nullable Proxy proxy(GrokHttpProperties.@Nullable Proxy proxy) {
		if (proxy == null) {
			return null;
		}
		Assert.state(proxy.host() != null && proxy.port() != null, "'proxy' must have host and port");
		return new HttpSettings.Proxy(proxy.host(), proxy.port(), proxy.username(), proxy.password());
	}

	private @Nullable Consumer<SslContextBuilder> tls() {
		SslBundle bundle = sslBundle();
		if (bundle == null) {
			return null;
		}
		SslOptions options = bundle.getOptions();
		return (builder) -> {
			builder.keyManager(bundle.getManagers().getKeyManagerFactory());
			builder.trustManager(bundle.getManagers().getTrustManagerFactory());
			if (options.getCiphers() != null) {
				builder.ciphers(Arrays.asList(options.getCiphers()));
			}
			if (options.getEnabledProtocols() != null) {
				builder.protocols(options.getEnabledProtocols());
			}
		};
	}

	/**
	 * Returns the configured SSL bundle.
	 * @return the bundle, or {@code null} if none is configured
	 * @throws GrokConfigurationException if the bundle does not exist
	 */
	@Nullable SslBundle sslBundle() {
		String name = this.properties.sslBundle();
		if (name == null) {
			return null;
		}
		try {
			if (this.sslBundles != null) {
				return this.sslBundles.getBundle(name);
			}
		}
		catch (NoSuchSslBundleException ex) {
			// Reported below with the name of the property
		}
		throw new GrokConfigurationException("grok.http.ssl-bundle",
				"is '" + name + "', but there is no SSL bundle of that name",
				"Define it with 'spring.ssl.bundle.pem." + name + "' or 'spring.ssl.bundle.jks." + name
						+ "', or remove the property to use the trust store of the JVM.");
	}

}
