package io.github.grokspring.connection;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

import org.springframework.util.Assert;
import org.springframework.util.StringUtils;
import org.springframework.util.unit.DataSize;

/**
 * Settings of a connection to xAI.
 *
 * @param baseUrl the base URL without a trailing slash, such as
 * {@code https://api.x.ai/v1}
 * @param connectTimeout the maximum time to establish a connection
 * @param readTimeout the maximum time without data from a model that does not reason
 * @param reasoningReadTimeout the maximum time without data while a reasoning model
 * thinks
 * @param callTimeout the maximum time of a call, including the wait for a connection
 * @param streamIdleTimeout the maximum pause of a stream that is being written
 * @param maxConnections the maximum number of open connections per host
 * @param maxIdleTime the time after which an idle connection is closed
 * @param protocol the HTTP protocol
 * @param proxy the proxy, or {@code null} for none; system properties and environment
 * variables are ignored
 * @param headers the headers of all requests
 * @param tls configures trust and keys, or {@code null} for the defaults of the JVM
 * @param maxResponseSize the maximum size of a body, or of the retained content of a
 * stream
 * @param contentTimeout the maximum time that a stream may deliver no content
 * @param tcpKeepAlive the keep-alive probes of connections, where the platform supports
 * them
 * @since 0.1.0
 */
public record HttpSettings(String baseUrl, Duration connectTimeout, Duration readTimeout, Duration reasoningReadTimeout,
		Duration callTimeout, Duration streamIdleTimeout, int maxConnections, Duration maxIdleTime, Protocol protocol,
		@Nullable Proxy proxy, Map<String, String> headers, @Nullable Consumer<SslContextBuilder> tls,
		DataSize maxResponseSize, Duration contentTimeout, TcpKeepAlive tcpKeepAlive) {

	private static final HttpSettings DEFAULTS = new HttpSettings("https://api.x.ai/v1", Duration.ofSeconds(5),
			Duration.ofSeconds(120), Duration.ofMinutes(15), Duration.ofMinutes(30), Duration.ofSeconds(60), 1024,
			Duration.ofMinutes(5), Protocol.HTTP1_1, null, Map.of(), null, DataSize.ofMegabytes(64),
			Duration.ofMinutes(15), TcpKeepAlive.DEFAULTS);

	/**
	 * Creates settings.
	 * @throws IllegalArgumentException if a value is invalid; the message names the
	 * property
	 */
	public HttpSettings {
		baseUrl = withoutTrailingSlash(baseUrl);
		Assert.isTrue(baseUrl.startsWith("http://") || baseUrl.startsWith("https://"),
				"'grok.base-url' must start with http:// or https://, such as https://api.x.ai/v1");
		Assert.isTrue(StringUtils.hasText(URI.create(baseUrl).getHost()),
				"'grok.base-url' must name a host, such as https://api.x.ai/v1");
		requirePositive(connectTimeout, "connect-timeout");
		requirePositive(readTimeout, "read-timeout");
		requirePositive(reasoningReadTimeout, "reasoning-read-timeout");
		requirePositive(callTimeout, "call-timeout");
		requirePositive(streamIdleTimeout, "stream-idle-timeout");
		requirePositive(maxIdleTime, "max-idle-time");
		requirePositive(contentTimeout, "content-timeout");
		Assert.isTrue(maxResponseSize.toBytes() > 0, "'grok.http.max-response-size' must be greater than 0");
		Assert.isTrue(maxConnections > 0, "'grok.http.max-connections' must be greater than 0");
		headers = Map.copyOf(headers);
	}

	/**
	 * Returns the default settings for api.x.ai.
	 * @return the settings
	 */
	public static HttpSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns a copy with another base URL.
	 * @param baseUrl the base URL
	 * @return the new settings
	 */
	public HttpSettings withBaseUrl(String baseUrl) {
		return new HttpSettings(baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another connect timeout.
	 * @param connectTimeout the maximum time to establish a connection
	 * @return the new settings
	 */
	public HttpSettings withConnectTimeout(Duration connectTimeout) {
		return new HttpSettings(this.baseUrl, connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with other read timeouts.
	 * @param readTimeout the read timeout of models that do not reason
	 * @param reasoningReadTimeout the read timeout of reasoning models
	 * @return the new settings
	 */
	public HttpSettings withReadTimeouts(Duration readTimeout, Duration reasoningReadTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, readTimeout, reasoningReadTimeout, this.callTimeout,
				this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy, this.headers,
				this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another call timeout.
	 * @param callTimeout the maximum time of a call
	 * @return the new settings
	 */
	public HttpSettings withCallTimeout(Duration callTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another stream idle timeout.
	 * @param streamIdleTimeout the maximum pause of a stream that is being written
	 * @return the new settings
	 */
	public HttpSettings withStreamIdleTimeout(Duration streamIdleTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with other connection pool settings.
	 * @param maxConnections the maximum number of open connections per host
	 * @param maxIdleTime the time after which an idle connection is closed
	 * @return the new settings
	 */
	public HttpSettings withPool(int maxConnections, Duration maxIdleTime) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, maxConnections, maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another HTTP protocol.
	 * @param protocol the protocol
	 * @return the new settings
	 */
	public HttpSettings withProtocol(Protocol protocol) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another proxy.
	 * @param proxy the proxy, or {@code null} for none
	 * @return the new settings
	 */
	public HttpSettings withProxy(@Nullable Proxy proxy) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with other request headers.
	 * @param headers the headers of all requests
	 * @return the new settings
	 */
	public HttpSettings withHeaders(Map<String, String> headers) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with another TLS configuration.
	 * @param tls configures trust and keys, or {@code null} for the defaults of the JVM
	 * @return the new settings
	 */
	public HttpSettings withTls(@Nullable Consumer<SslContextBuilder> tls) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with other response limits.
	 * @param maxResponseSize the maximum size of a body, or of the retained content of a
	 * stream
	 * @param contentTimeout the maximum time that a stream may deliver no content
	 * @return the new settings
	 */
	public HttpSettings withResponseLimits(DataSize maxResponseSize, Duration contentTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, maxResponseSize, contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * Returns a copy with other TCP keep-alive probes.
	 * @param tcpKeepAlive the probe settings
	 * @return the new settings
	 */
	public HttpSettings withTcpKeepAlive(TcpKeepAlive tcpKeepAlive) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, tcpKeepAlive);
	}

	/**
	 * Returns a description that omits header values, which may be secret.
	 */
	@Override
	public String toString() {
		return "HttpSettings[baseUrl=" + this.baseUrl + ", connectTimeout=" + this.connectTimeout + ", readTimeout="
				+ this.readTimeout + ", reasoningReadTimeout=" + this.reasoningReadTimeout + ", callTimeout="
				+ this.callTimeout + ", streamIdleTimeout=" + this.streamIdleTimeout + ", maxConnections="
				+ this.maxConnections + ", maxIdleTime=" + this.maxIdleTime + ", protocol=" + this.protocol + ", proxy="
				+ this.proxy + ", headers=" + this.headers.keySet() + ", maxResponseSize=" + this.maxResponseSize
				+ ", contentTimeout=" + this.contentTimeout + ", tcpKeepAlive=" + this.tcpKeepAlive + "]";
	}

	/**
	 * Returns values that are sent with requests and must not be exposed.
	 * @return the configured headers and the proxy credentials
	 */
	public Map<String, String> secrets() {
		if (this.proxy == null || this.proxy.password() == null) {
			return this.headers;
		}
		Map<String, String> secrets = new HashMap<>(this.headers);
		byte[] credentials = (this.proxy.username() + ":" + this.proxy.password()).getBytes(StandardCharsets.UTF_8);
		secrets.put("proxy-password", "Basic " + Base64.getEncoder().encodeToString(credentials));
		return Map.copyOf(secrets);
	}

	private static String withoutTrailingSlash(String url) {
		return url.endsWith("/") ? url.substring(0, url.length() - 1) : url;
	}

	private static void requirePositive(Duration duration, String property) {
		Assert.isTrue(duration.toNanosPart() > 0 || duration.getSeconds() > 0,
				() -> "'grok.http." + property + "' must be longer than 0");
	}

	/**
	 * HTTP protocol.
	 */
	public enum Protocol {

		/**
		 * HTTP/1.1.
		 */
		HTTP1_1,

		/**
		 * HTTP/2. It is negotiated over TLS with a fallback to HTTP/1.1, and used with
		 * prior knowledge if the base URL starts with {@code http://}.
		 */
		H2

	}

	/**
	 * TCP keep-alive probes, which keep a connection open while a model thinks. Ignored
	 * on platforms that do not support these options.
	 *
	 * @param idle the idle time before the first probe
	 * @param interval the time between probes
	 * @param count the number of unanswered probes after which the connection is closed
	 */
	public record TcpKeepAlive(Duration idle, Duration interval, int count) {

		static final TcpKeepAlive DEFAULTS = new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(15), 4);

		/**
		 * Creates settings.
		 * @throws IllegalArgumentException if a value is invalid; the message names the
		 * property
		 */
		public TcpKeepAlive {
			requireSeconds(idle, "idle");
			requireSeconds(interval, "interval");
			Assert.isTrue(count > 0 && count <= 127, "'grok.http.tcp-keep-alive.count' must be between 1 and 127");
		}

		private static void requireSeconds(Duration duration, String property) {
			Assert.isTrue(duration.getSeconds() >= 1 && duration.getSeconds() <= 32767,
					() -> "'grok.http.tcp-keep-alive." + property + "' must be between 1s and 32767s");
		}

	}

	/**
	 * HTTP proxy that is used with {@code CONNECT}.
	 *
	 * @param host the host name
	 * @param port the port
	 * @param username the user name, or {@code null}
	 * @param password the password, or {@code null}
	 */
	public record Proxy(String host, int port, @Nullable String username, @Nullable String password) {

		/**
		 * Creates a proxy.
		 * @throws IllegalArgumentException if the host or port is invalid
		 */
		public Proxy {
			Assert.hasText(host, "'grok.http.proxy.host' must not be empty");
			Assert.isTrue(port > 0 && port < 65536, "'grok.http.proxy.port' must be between 1 and 65535");
		}

		/**
		 * Returns host and port without the credentials.
		 */
		@Override
		public String toString() {
			return this.host + ":" + this.port + ((this.username != null) ? " (authenticated)" : "");
		}

	}

}
