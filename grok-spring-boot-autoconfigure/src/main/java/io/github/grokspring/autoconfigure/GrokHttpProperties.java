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
 * @param connectTimeout Maximum time to establish a connection.
 * @param readTimeout Maximum time to wait for data from a model that does not reason.
 * @param reasoningReadTimeout Maximum time to wait for data while a reasoning model
 * reasons.
 * @param callTimeout Maximum duration of a call, without retries.
 * @param streamIdleTimeout Maximum time to wait for data once a stream has produced
 * content.
 * @param maxConnections Maximum number of open connections. Bounds memory usage, not the
 * request rate.
 * @param maxIdleTime Time after which an unused connection is closed.
 * @param protocol HTTP version.
 * @param proxy HTTP proxy.
 * @param sslBundle Name of the SSL bundle with the trust and key material to use.
 * @param headers Additional headers of every request.
 * @param allowInsecure Whether to allow http:// for hosts other than the loopback
 * interface.
 * @param maxResponseSize Maximum size of a response body or, for streams, of the text,
 * reasoning and tool calls in it.
 * @param contentTimeout Maximum time between text, reasoning, tool calls or server-side
 * tool events in a stream.
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
					"Set the property to a size, for example 64MB, or remove it.");
		}
		if (maxConnections < 1) {
			throw new GrokConfigurationException("max-connections", "is " + maxConnections + " but must be at least 1",
					"Set the property to the maximum number of open connections, or remove it.");
		}
		proxy = (proxy != null && proxy.host() != null) ? proxy : null;
		sslBundle = StringUtils.hasText(sslBundle) ? sslBundle.strip() : null;
		headers = Map.copyOf(headers);
		headers.forEach((name, value) -> requireHeader(name, value));
	}

	private static void requirePositive(String name, Duration value) {
		if (value.isZero() || value.isNegative()) {
			throw new GrokConfigurationException(name, "is " + value.toMillis() + " ms but must be longer than 0",
					"Set the property to a duration, for example 30s or 5m, or remove it.");
		}
	}

	private static void requireHeader(String name, String value) {
		if (name.equalsIgnoreCase("authorization")) {
			throw new GrokConfigurationException("headers",
					"contains '" + name + "', which the API key would overwrite",
					"Set 'grok.api-key' to the key instead. To change the key per request, define a GrokConnectionDetails"
							+ " bean.");
		}
		if (!RequestHeaders.isValid(name, value)) {
			throw new GrokConfigurationException("headers", "contains '" + name + "', which is not a valid header",
					"Use names without spaces and colons, and values of ASCII characters without line breaks.");
		}
	}

	/**
	 * Contains the names of headers without their values, which may be secret.
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
						"Set the property to a number of unanswered probes, for example 4, or remove it.");
			}
		}

		private static void requireSeconds(String name, Duration value) {
			if (value.getSeconds() < 1 || value.getSeconds() > 32767) {
				throw new GrokConfigurationException(name,
						"is " + value.toMillis() + " ms but must be between 1s and 32767s",
						"Set the property to a duration, for example 60s, or remove it.");
			}
		}

	}

	/**
	 * HTTP proxy.
	 *
	 * @param host Host of the proxy.
	 * @param port Port of the proxy.
	 * @param username User name for proxy authentication.
	 * @param password Password for proxy authentication.
	 */
	record Proxy(@Nullable String host, @Nullable Integer port, @Nullable String username, @Nullable String password) {

		Proxy {
			host = StringUtils.hasText(host) ? host.strip() : null;
			username = StringUtils.hasText(username) ? username : null;
			password = StringUtils.hasText(password) ? password : null;
			if (host == null && port != null) {
				throw new GrokConfigurationException("host", "is not set, but 'grok.http.proxy.port' is",
						"Set the property to the host name of the proxy, or remove the port.");
			}
			if (host != null && port == null) {
				throw new GrokConfigurationException("port", "is not set, but 'grok.http.proxy.host' is",
						"Set the property to the port of the proxy, or remove the host.");
			}
			if (port != null && (port < 1 || port > 65535)) {
				throw new GrokConfigurationException("port", "is " + port + " but must be between 1 and 65535",
						"Set the property to the port of the proxy.");
			}
		}

		/**
		 * Contains no credentials.
		 */
		@Override
		public String toString() {
			return this.host + ":" + this.port;
		}

	}

}
