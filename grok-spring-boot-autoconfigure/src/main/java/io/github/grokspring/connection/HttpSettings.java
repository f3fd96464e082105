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
 * How a connection reaches xAI. Immutable.
 *
 * @param baseUrl where paths of requests begin, without a trailing slash
 * ({@code https://api.x.ai/v1})
 * @param connectTimeout how long making a connection may take
 * @param readTimeout silence allowed on a model that does not reason
 * @param reasoningReadTimeout silence allowed while a reasoning model thinks
 * @param callTimeout how long a whole call may take, waiting for a connection included
 * @param streamIdleTimeout silence allowed once a stream has begun to write
 * @param maxConnections how many connections may be open to one host
 * @param maxIdleTime how long a connection may stay unused before it is closed
 * @param protocol the version of HTTP
 * @param proxy the proxy to go through, or {@code null} for none; no system property or
 * environment variable is looked at
 * @param headers headers of every request
 * @param tls configures trust and keys, or {@code null} for the defaults of the JVM
 * @param maxResponseSize maximum size of a whole body, and of what is kept of a streamed
 * response
 * @param contentTimeout maximum time that a stream may bring no content
 * @param tcpKeepAlive keep-alive probes of connections, where the platform supports them
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
	 * Create the settings.
	 * @throws IllegalArgumentException if a value makes no sense; the message names the
	 * property
	 */
	public HttpSettings {
		baseUrl = withoutTrailingSlash(baseUrl);
		Assert.isTrue(baseUrl.startsWith("http://") || baseUrl.startsWith("https://"),
				"'grok.base-url' must begin with http:// or https://, such as https://api.x.ai/v1");
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
	 * The defaults, which reach api.x.ai.
	 * @return the settings
	 */
	public static HttpSettings defaults() {
		return DEFAULTS;
	}

	/**
	 * With another base URL.
	 * @param baseUrl where paths begin
	 * @return new settings
	 */
	public HttpSettings withBaseUrl(String baseUrl) {
		return new HttpSettings(baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another limit for making a connection.
	 * @param connectTimeout how long it may take
	 * @return new settings
	 */
	public HttpSettings withConnectTimeout(Duration connectTimeout) {
		return new HttpSettings(this.baseUrl, connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With other limits of silence before an answer.
	 * @param readTimeout for a model that does not reason
	 * @param reasoningReadTimeout for a reasoning model
	 * @return new settings
	 */
	public HttpSettings withReadTimeouts(Duration readTimeout, Duration reasoningReadTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, readTimeout, reasoningReadTimeout, this.callTimeout,
				this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy, this.headers,
				this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another limit for a whole call.
	 * @param callTimeout how long it may take
	 * @return new settings
	 */
	public HttpSettings withCallTimeout(Duration callTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another limit of silence in a stream.
	 * @param streamIdleTimeout how long a stream that writes may pause
	 * @return new settings
	 */
	public HttpSettings withStreamIdleTimeout(Duration streamIdleTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another pool.
	 * @param maxConnections how many connections may be open
	 * @param maxIdleTime how long one may stay unused
	 * @return new settings
	 */
	public HttpSettings withPool(int maxConnections, Duration maxIdleTime) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, maxConnections, maxIdleTime, this.protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another version of HTTP.
	 * @param protocol the version
	 * @return new settings
	 */
	public HttpSettings withProtocol(Protocol protocol) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, protocol, this.proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With another proxy.
	 * @param proxy the proxy, or {@code null} for none
	 * @return new settings
	 */
	public HttpSettings withProxy(@Nullable Proxy proxy) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol, proxy,
				this.headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With other headers.
	 * @param headers headers of every request
	 * @return new settings
	 */
	public HttpSettings withHeaders(Map<String, String> headers) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, headers, this.tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With other trust and keys.
	 * @param tls configures them, or {@code null} for the defaults of the JVM
	 * @return new settings
	 */
	public HttpSettings withTls(@Nullable Consumer<SslContextBuilder> tls) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, tls, this.maxResponseSize, this.contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With other limits of what a response may bring.
	 * @param maxResponseSize maximum size of a whole body, and of what is kept of a
	 * streamed response
	 * @param contentTimeout maximum time that a stream may bring no content
	 * @return new settings
	 */
	public HttpSettings withResponseLimits(DataSize maxResponseSize, Duration contentTimeout) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, maxResponseSize, contentTimeout, this.tcpKeepAlive);
	}

	/**
	 * With other keep-alive probes.
	 * @param tcpKeepAlive the probes
	 * @return new settings
	 */
	public HttpSettings withTcpKeepAlive(TcpKeepAlive tcpKeepAlive) {
		return new HttpSettings(this.baseUrl, this.connectTimeout, this.readTimeout, this.reasoningReadTimeout,
				this.callTimeout, this.streamIdleTimeout, this.maxConnections, this.maxIdleTime, this.protocol,
				this.proxy, this.headers, this.tls, this.maxResponseSize, this.contentTimeout, tcpKeepAlive);
	}

	/**
	 * Names the settings without values of headers, which may be secret.
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
	 * What requests are sent with and must be shown nowhere.
	 * @return the configured headers and the credentials of the proxy
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
	 * A version of HTTP.
	 */
	public enum Protocol {

		/**
		 * HTTP/1.1.
		 */
		HTTP1_1,

		/**
		 * HTTP/2: negotiated over TLS, with HTTP/1.1 for servers that do not speak it;
		 * spoken from the first byte on a base URL with {@code http://}.
		 */
		H2

	}

	/**
	 * Probes that keep a quiet connection open while a model thinks. Platforms that do
	 * not let an application choose them keep their own.
	 *
	 * @param idle time without traffic before the first probe
	 * @param interval time between probes
	 * @param count number of unanswered probes after which the connection is closed
	 */
	public record TcpKeepAlive(Duration idle, Duration interval, int count) {

		static final TcpKeepAlive DEFAULTS = new TcpKeepAlive(Duration.ofSeconds(60), Duration.ofSeconds(15), 4);

		/**
		 * Create the settings.
		 * @throws IllegalArgumentException if a value makes no sense; the message names
		 * the property
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
	 * An HTTP proxy, asked to CONNECT for every host.
	 *
	 * @param host its name
	 * @param port its port
	 * @param username whom to authenticate as, or {@code null}
	 * @param password the password, or {@code null}
	 */
	public record Proxy(String host, int port, @Nullable String username, @Nullable String password) {

		/**
		 * Create the proxy.
		 * @throws IllegalArgumentException if host or port make no sense
		 */
		public Proxy {
			Assert.hasText(host, "'grok.http.proxy.host' must not be empty");
			Assert.isTrue(port > 0 && port < 65536, "'grok.http.proxy.port' must be between 1 and 65535");
		}

		/**
		 * Names host and port, never the password.
		 */
		@Override
		public String toString() {
			return this.host + ":" + this.port + ((this.username != null) ? " (authenticated)" : "");
		}

	}

}
