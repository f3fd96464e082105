package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.Map;

import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.RequestHeaders;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Properties of the HTTP connection to xAI.
 *
 * @param connectTimeout How long making a connection may take
 * @param readTimeout Silence allowed on a model that does not reason
 * @param reasoningReadTimeout Silence allowed while a reasoning model thinks
 * @param callTimeout How long a whole call may take, retries not included
 * @param streamIdleTimeout Silence allowed once a stream has begun to write
 * @param maxConnections How many connections may be open at once; bounds memory, not the
 * rate of requests
 * @param maxIdleTime How long a connection may stay unused before it is closed
 * @param protocol Version of HTTP
 * @param proxy HTTP proxy to go through
 * @param sslBundle Name of the SSL bundle with trusted certificates and keys
 * @param headers Headers added to every request
 * @param allowInsecure Whether http:// may be used for hosts other than the loopback
 * interface.
 * @param maxResponseSize Maximum size of a response body and, for streams, of the text,
 * reasoning and tool calls in it.
 * @param contentTimeout Maximum time that a stream may bring no text, reasoning, tool
 * call or server-side tool event.
 * @param tcpKeepAlive TCP keep-alive probes.
 */
@ConfigurationProperties("grok.http")
record GrokHttpProperties(@DefaultValue("5s") Duration connectTimeout, @DefaultValue("120s") Duration readTimeout,
		@DefaultValue("15m") Duration reasoningReadTimeout, @DefaultValue("30m") Duration callTimeout,
		@DefaultValue("60s") Duration streamIdleTimeout, @DefaultValue("1024") Integer maxConnections,
		@DefaultValue("5m") Duration maxIdleTime, @DefaultValue("http1.1") HttpSettings.Protocol protocol,
		@Nullable Proxy proxy, @Nullable String sslBundle, @DefaultValue Map<String, String> headers,
		@DefaultValue("false") Boolean allowInsecure, @DefaultValue("64MB") DataSize maxResponseSize,
		@DefaultValue("15m") Duration contentTimeout, @DefaultValue TcpKeepAlive tcpKeepAlive) {

	GrokHttpProperties {
		requirePositive("connect-timeout", connectTimeout);
		requirePositive("read-timeout", readTimeout);
		requirePositive("reasoning-read-timeout", reasoningReadTimeout);
		requirePositive("call-timeout", callTimeout);
		requirePositive("stream-idle-timeout", streamIdleTimeout);
		requirePositive("max-idle-time", maxIdleTime);
		requirePositive("content-timeout", contentTimeout);
		if (maxResponseSize.toBytes() < 1) {
			throw new GrokConfigurationException("max-response-size",
					"is " + maxResponseSize + " but must be greater than 0",
					"Write a size such as 64MB, or remove the property.");
		}
		if (maxConnections < 1) {
			throw new GrokConfigurationException("max-connections", "is " + maxConnections + " but must be at least 1",
					"Write how many connections may be open at once, or remove the property.");
		}
		proxy = (proxy != null && proxy.host() != null) ? proxy : null;
		sslBundle = StringUtils.hasText(sslBundle) ? sslBundle.strip() : null;
		headers = Map.copyOf(headers);
		headers.forEach((name, value) -> requireHeader(name, value));
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new GrokConfigurationException(name, "is " + value.toMillis() + " ms but must be longer than 0",
					"Write a duration such as 30s or 5m, or remove the property.");
		}
	}

	private static void requireHeader(String name, String value) {
		if (name.equalsIgnoreCase("authorization")) {
			throw new GrokConfigurationException("headers",
					"has an entry '" + name + "', which the API key would replace",
					"Write the key into 'grok.api-key'; a bean of type GrokConnectionDetails can change it per request.");
		}
		if (!RequestHeaders.canBeSent(name, value)) {
			throw new GrokConfigurationException("headers", "has an entry '" + name + "' that cannot be sent",
					"Write names without blanks and colons, and values of ASCII characters without line breaks.");
		}
	}

	/**
	 * Shows names of headers, not values, which may be secret.
	 */
	@Override
	public String toString() {
		return "GrokHttpProperties[connectTimeout=" + this.connectTimeout + ", readTimeout=" + this.readTimeout
				+ ", reasoningReadTimeout=" + this.reasoningReadTimeout + ", callTimeout=" + this.callTimeout
				+ ", streamIdleTimeout=" + this.streamIdleTimeout + ", maxConnections=" + this.maxConnections
				+ ", maxIdleTime=" + this.maxIdleTime + ", protocol=" + this.protocol + ", proxy=" + this.proxy
				+ ", sslBundle=" + this.sslBundle + ", headers=" + this.headers.keySet() + ", allowInsecure="
				+ this.allowInsecure + ", maxResponseSize=" + this.maxResponseSize + ", contentTimeout="
				+ this.contentTimeout + ", tcpKeepAlive=" + this.tcpKeepAlive + "]";
	}

	/**
	 * TCP keep-alive probes.
	 *
	 * @param idle Time without traffic after which the first probe is sent.
	 * @param interval Time between probes.
	 * @param count Number of unanswered probes after which a connection is closed.
	 */
	record TcpKeepAlive(@DefaultValue("60s") Duration idle, @DefaultValue("15s") Duration interval,
			@DefaultValue("4") Integer count) {

		TcpKeepAlive {
			requireSeconds("idle", idle);
			requireSeconds("interval", interval);
			if (count < 1 || count > 127) {
				throw new GrokConfigurationException("count", "is " + count + " but must be between 1 and 127",
						"Write the number of unanswered probes, or remove the property.");
			}
		}

		private static void requireSeconds(String name, Duration value) {
			if (value.getSeconds() < 1 || value.getSeconds() > 32767) {
				throw new GrokConfigurationException(name,
						"is " + value.toMillis() + " ms but must be between 1s and 32767s",
						"Write a duration such as 60s, or remove the property.");
			}
		}

	}

	/**
	 * HTTP proxy to go through.
	 *
	 * @param host Name of the proxy
	 * @param port Port of the proxy
	 * @param username Whom to authenticate as at the proxy
	 * @param password Password at the proxy
	 */
	record Proxy(@Nullable String host, @Nullable Integer port, @Nullable String username, @Nullable String password) {

		Proxy {
			host = StringUtils.hasText(host) ? host.strip() : null;
			username = StringUtils.hasText(username) ? username : null;
			password = StringUtils.hasText(password) ? password : null;
			if (host == null && port != null) {
				throw new GrokConfigurationException("host", "is not set, but the port of the proxy is",
						"Write the name of the proxy, or remove the port.");
			}
			if (host != null && port == null) {
				throw new GrokConfigurationException("port", "is not set, but the host of the proxy is",
						"Write the port of the proxy, or remove the host.");
			}
			if (port != null && (port < 1 || port > 65535)) {
				throw new GrokConfigurationException("port", "is " + port + " but must be between 1 and 65535",
						"Write the port of the proxy.");
			}
		}

		/**
		 * Shows host and port, not who authenticates and how.
		 */
		@Override
		public String toString() {
			return this.host + ":" + this.port;
		}

	}

}
