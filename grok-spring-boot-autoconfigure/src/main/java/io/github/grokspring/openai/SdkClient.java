package io.github.grokspring.openai;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.Timeout;
import com.openai.core.http.ProxyAuthenticator;
import com.openai.credential.BearerTokenCredential;
import io.github.grokspring.connection.HttpSettings;
import io.micrometer.observation.ObservationRegistry;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

import org.springframework.ai.openai.http.okhttp.SpringAiOpenAiHttpClient;

/**
 * OpenAI's SDK with settings of ours: nothing from the environment, no retries, no
 * logging of bodies, one client for blocking calls and streams, daemon threads with
 * names.
 */
final class SdkClient implements AutoCloseable {

	private static final String NO_KEY = "none";

	private final ExecutorService exchanges = Executors.newCachedThreadPool(new NamedThreads("grok-openai-http-"));

	private final ExecutorService streams = Executors.newCachedThreadPool(new NamedThreads("grok-openai-stream-"));

	private final OkHttpClient okHttp;

	private final Dispatcher dispatcher;

	private final OpenAIClient client;

	SdkClient(HttpSettings settings, Supplier<@Nullable String> apiKey, OpenAiTransport.@Nullable Tls tls,
			InFlightCalls calls, ObservationRegistry observations) {
		SpringAiOpenAiHttpClient.Builder builder = httpClient(settings, tls, observations);
		OkHttpClient.Builder exchanges = builder.build()
			.getOkHttpClient()
			.newBuilder()
			.followRedirects(false)
			.followSslRedirects(false);
		exchanges.interceptors().clear();
		this.okHttp = exchanges.build();
		SpringAiOpenAiHttpClient http = builder
			.interceptor(new ExchangeInterceptor(this.okHttp, calls, new RawResponseReader(settings),
					proxyAuthorization(settings.proxy()), Clock.systemUTC()))
			.build();
		this.dispatcher = http.getOkHttpClient().dispatcher();
		this.dispatcher.setMaxRequests(settings.maxConnections());
		this.dispatcher.setMaxRequestsPerHost(settings.maxConnections());
		ClientOptions.Builder options = ClientOptions.builder()
			.httpClient(new InFlightHttpClient(http, calls, settings.maxConnections()))
			.baseUrl(settings.baseUrl())
			// None only when the request brings an Authorization header of its own
			.credential(BearerTokenCredential.create(() -> {
				String key = apiKey.get();
				return (key == null || key.isBlank()) ? NO_KEY : key.strip();
			}))
			.maxRetries(0)
			.timeout(timeout(settings))
			.streamHandlerExecutor(this.streams)
			.logLevel(LogLevel.OFF)
			.putHeader("User-Agent", userAgent());
		settings.headers().forEach(options::replaceHeaders);
		this.client = new OpenAIClientImpl(options.build());
	}

	OpenAIClient client() {
		return this.client;
	}

	@Override
	public void close() {
		this.dispatcher.cancelAll();
		this.okHttp.dispatcher().cancelAll();
		this.client.close();
		this.okHttp.connectionPool().evictAll();
		this.exchanges.shutdown();
		this.streams.shutdown();
	}

	private SpringAiOpenAiHttpClient.Builder httpClient(HttpSettings settings, OpenAiTransport.@Nullable Tls tls,
			ObservationRegistry observations) {
		SpringAiOpenAiHttpClient.Builder http = SpringAiOpenAiHttpClient.builder()
			.timeout(timeout(settings))
			.maxIdleConnections(settings.maxConnections())
			.keepAliveDuration(settings.maxIdleTime())
			.dispatcherExecutorService(this.exchanges)
			.observationRegistry(observations)
			.proxy(Proxy.NO_PROXY);
		HttpSettings.Proxy proxy = settings.proxy();
		if (proxy != null) {
			http.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
			if (proxy.username() != null) {
				http.proxyAuthenticator(ProxyAuthenticator.basic(proxy.username(), password(proxy)));
			}
		}
		if (tls != null) {
			http.sslSocketFactory(tls.socketFactory()).trustManager(tls.trustManager());
		}
		return http;
	}

	private static @Nullable String proxyAuthorization(HttpSettings.@Nullable Proxy proxy) {
		return (proxy != null && proxy.username() != null) ? Credentials.basic(proxy.username(), password(proxy))
				: null;
	}

	private static String password(HttpSettings.Proxy proxy) {
		return (proxy.password() != null) ? proxy.password() : "";
	}

	private static Timeout timeout(HttpSettings settings) {
		return Timeout.builder()
			.connect(settings.connectTimeout())
			.read(settings.reasoningReadTimeout())
			.write(settings.readTimeout())
			.request(settings.callTimeout())
			.build();
	}

	private static String userAgent() {
		String version = SdkClient.class.getPackage().getImplementationVersion();
		return (version != null) ? "grok-spring-boot-starter/" + version : "grok-spring-boot-starter";
	}

	private static final class NamedThreads implements ThreadFactory {

		private final AtomicInteger count = new AtomicInteger();

		private final String prefix;

		private NamedThreads(String prefix) {
			this.prefix = prefix;
		}

		@Override
		public Thread newThread(Runnable work) {
			Thread thread = new Thread(work, this.prefix + this.count.incrementAndGet());
			thread.setDaemon(true);
			return thread;
		}

	}

}
