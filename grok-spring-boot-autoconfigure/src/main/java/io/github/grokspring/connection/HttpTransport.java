package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http2.Http2Exception;
import io.netty.handler.codec.http2.Http2FrameCodec;
import io.netty.handler.codec.http2.Http2LocalFlowController;
import io.netty.handler.codec.http2.Http2Stream;
import io.netty.handler.codec.http2.Http2StreamChannel;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import reactor.core.scheduler.Schedulers;
import reactor.netty.http.Http11SslContextSpec;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.Http2AllocationStrategy;
import reactor.netty.http.client.HttpClient;
import reactor.netty.resources.ConnectionProvider;
import reactor.netty.resources.LoopResources;
import reactor.netty.tcp.SslProvider;
import reactor.netty.transport.NameResolverProvider;
import reactor.netty.transport.ProxyProvider;

/**
 * HTTP client with its own event loops, connection pool and name resolver, which are not
 * shared with other users of Reactor Netty.
 */
final class HttpTransport {

	private static final int MIN_THREADS = 4;

	/** Enough for the windows of about 16,000 streams. */
	private static final int CONNECTION_WINDOW = 1 << 30;

	private static final Duration MAX_CLOSE_TIME = Duration.ofSeconds(2);

	private final LoopResources loops;

	private final ConnectionProvider connections;

	private final DnsAddressResolverGroup nameResolver;

	private final HttpClient client;

	HttpTransport(HttpSettings settings, List<GrokHttpClientCustomizer> customizers) {
		this.loops = LoopResources.create("grok-http", -1,
				Math.max(MIN_THREADS, Runtime.getRuntime().availableProcessors()), true, false);
		this.connections = connections(settings);
		this.nameResolver = NameResolverProvider.builder().build().newNameResolverGroup(this.loops, true);
		HttpClient client = client(settings);
		for (GrokHttpClientCustomizer customizer : customizers) {
			client = customizer.customize(client);
		}
		this.client = client;
	}

	HttpClient client() {
		return this.client;
	}

	EventLoopGroup timer() {
		return this.loops.onClient(true);
	}

	void close() {
		this.connections.dispose();
		this.nameResolver.close();
		if (Schedulers.isInNonBlockingThread() || Thread.currentThread().getName().startsWith("grok-http")) {
			this.loops.disposeLater(Duration.ZERO, MAX_CLOSE_TIME).subscribe();
		}
		else {
			this.loops.disposeLater(Duration.ZERO, MAX_CLOSE_TIME)
				.onErrorComplete()
				.block(MAX_CLOSE_TIME.plusSeconds(1));
		}
	}

	// The call timeout limits the wait for a connection
	private static ConnectionProvider connections(HttpSettings settings) {
		Duration idle = settings.maxIdleTime();
		ConnectionProvider.Builder builder = ConnectionProvider.builder("grok")
			.maxConnections(settings.maxConnections())
			.pendingAcquireMaxCount(-1)
			.pendingAcquireTimeout(Duration.ZERO)
			.maxIdleTime(idle)
			.evictInBackground((idle.compareTo(Duration.ofSeconds(30)) < 0) ? idle : Duration.ofSeconds(30))
			.lifo();
		if (settings.protocol() == HttpSettings.Protocol.H2) {
			// Otherwise each request opens a connection while another one is being opened
			builder.allocationStrategy(Http2AllocationStrategy.builder()
				.maxConnections(settings.maxConnections())
				.strictConnectionReuse(true)
				.build());
		}
		return builder.build();
	}

	private HttpClient client(HttpSettings settings) {
		boolean tls = settings.baseUrl().startsWith("https:");
		boolean h2 = settings.protocol() == HttpSettings.Protocol.H2;
		int connectMillis = (int) Math.min(Integer.MAX_VALUE, settings.connectTimeout().toMillis());
		HttpClient client = HttpClient.create(this.connections)
			.runOn(this.loops)
			.disableRetry(true)
			.protocol(protocols(tls, h2))
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, connectMillis)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.doOnChannelInit((observer, channel, address) -> keepAlive(channel, settings.tcpKeepAlive()))
			.headers((headers) -> {
				headers.set(HttpHeaderNames.USER_AGENT, userAgent());
				settings.headers().forEach(headers::set);
			});
		if (tls) {
			client = client.secure((spec) -> secure(spec, settings, h2));
		}
		if (h2) {
			client = client.doOnRequest((request, connection) -> widenWindow(connection.channel()));
		}
		HttpSettings.Proxy proxy = settings.proxy();
		// The proxy resolves host names, which may be unknown on this side
		return (proxy != null)
				? client.resolver(NoopAddressResolverGroup.INSTANCE).proxy((spec) -> proxy(spec, proxy, connectMillis))
				: client.resolver(this.nameResolver);
	}

	// The options differ between transports, and some platforms have none
	private static void keepAlive(Channel channel, HttpSettings.TcpKeepAlive keepAlive) {
		for (ChannelOption<?> option : channel.config().getOptions().keySet()) {
			if (option.name().endsWith("TCP_KEEPIDLE")) {
				set(channel, option, (int) keepAlive.idle().getSeconds());
			}
			else if (option.name().endsWith("TCP_KEEPINTVL") || option.name().endsWith("TCP_KEEPINTERVAL")) {
				set(channel, option, (int) keepAlive.interval().getSeconds());
			}
			else if (option.name().endsWith("TCP_KEEPCNT") || option.name().endsWith("TCP_KEEPCOUNT")) {
				set(channel, option, keepAlive.count());
			}
		}
	}

	@SuppressWarnings("unchecked")
	private static void set(Channel channel, ChannelOption<?> option, int value) {
		channel.config().setOption((ChannelOption<Integer>) option, value);
	}

	private static HttpProtocol[] protocols(boolean tls, boolean h2) {
		if (!h2) {
			return new HttpProtocol[] { HttpProtocol.HTTP11 };
		}
		return tls ? new HttpProtocol[] { HttpProtocol.H2, HttpProtocol.HTTP11 }
				: new HttpProtocol[] { HttpProtocol.H2C };
	}

	// By default the window of a connection is as small as that of a single stream, so
	// that one subscriber without demand would block all streams of the connection.
	private static void widenWindow(Channel channel) {
		if (!(channel instanceof Http2StreamChannel)) {
			return;
		}
		Http2FrameCodec codec = channel.parent().pipeline().get(Http2FrameCodec.class);
		Http2Stream stream = codec.connection().connectionStream();
		Http2LocalFlowController windows = codec.connection().local().flowController();
		int missing = CONNECTION_WINDOW - windows.initialWindowSize(stream);
		if (missing > 0) {
			try {
				windows.incrementWindowSize(stream, missing);
			}
			catch (Http2Exception ex) {
				throw new IllegalStateException("Could not increase the window of an HTTP/2 connection", ex);
			}
		}
	}

	private static void secure(SslProvider.SslContextSpec spec, HttpSettings settings, boolean h2) {
		SslProvider.GenericSslContextSpec<?> context;
		if (h2) {
			Http2SslContextSpec http2 = Http2SslContextSpec.forClient();
			context = (settings.tls() != null) ? http2.configure(settings.tls()) : http2;
		}
		else {
			Http11SslContextSpec http11 = Http11SslContextSpec.forClient();
			context = (settings.tls() != null) ? http11.configure(settings.tls()) : http11;
		}
		spec.sslContext(context).handshakeTimeout(settings.connectTimeout());
	}

	private static void proxy(ProxyProvider.TypeSpec spec, HttpSettings.Proxy proxy, int connectMillis) {
		ProxyProvider.Builder builder = spec.type(ProxyProvider.Proxy.HTTP)
			.host(proxy.host())
			.port(proxy.port())
			.connectTimeoutMillis(connectMillis);
		if (proxy.username() != null) {
			String password = (proxy.password() != null) ? proxy.password() : "";
			builder.username(proxy.username()).password((username) -> password);
		}
	}

	private static String userAgent() {
		String version = HttpTransport.class.getPackage().getImplementationVersion();
		return (version != null) ? "grok-spring-boot-starter/" + version : "grok-spring-boot-starter";
	}

}
