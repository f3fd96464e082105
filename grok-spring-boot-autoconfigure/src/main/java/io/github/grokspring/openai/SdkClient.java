package io.github.grokspring.openai;

import java.net.InetSocketAddress;
import java.net.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

import com.openai.client.OpenAIClient;
import com.openai.client.OpenAIClientImpl;
import com.openai.core.ClientOptions;
import com.openai.core.LogLevel;
import com.openai.core.Sleeper;
import com.openai.credential.BearerTokenCredential;
import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.HttpSettings;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.OkHttpClient;
import org.jspecify.annotations.Nullable;

import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/**
 * Creates clients of the OpenAI SDK over a shared {@link OkHttpClient}. They take nothing
 * from the environment, do not retry and do not log.
 */
final class SdkClient implements AutoCloseable {

	private static final String NO_KEY = "none";

	private final ExecutorService exchanges = Executors.newCachedThreadPool(threads("grok-openai-http-"));

	private final ExecutorService streams = Executors.newCachedThreadPool(threads("grok-openai-stream-"));

	private final HttpSettings settings;

	private final Supplier<@Nullable String> apiKey;

	private final @Nullable String proxyAuthorization;

	private final OkHttpClient okHttp;

	SdkClient(HttpSettings settings, Supplier<@Nullable String> apiKey, OpenAiTransport.@Nullable Tls tls) {
		this.settings = settings;
		this.apiKey = apiKey;
		this.proxyAuthorization = proxyAuthorization(settings.proxy());
		this.okHttp = okHttp(tls);
	}

	OkHttpExchange exchange(GrokChatOptions options, boolean streaming, Duration readTimeout, EchoFilter echoFilter,
			AttemptContext attempt) {
		return new OkHttpExchange(this.okHttp, this.settings, this.proxyAuthorization, options, streaming, readTimeout,
				echoFilter, attempt);
	}

	/**
	 * Creates a client for a single call, which holds no resources of its own.
	 * @param exchange the exchange that carries the call
	 */
	OpenAIClient client(OkHttpExchange exchange) {
		ClientOptions.Builder options = ClientOptions.builder()
			.httpClient(exchange)
			.jsonMapper(SdkJsonMapper.INSTANCE)
			.baseUrl(this.settings.baseUrl())
			// The key is only missing when the request has an Authorization header.
			.credential(BearerTokenCredential.create(() -> {
				String key = this.apiKey.get();
				return (key == null || key.isBlank()) ? NO_KEY : key.strip();
			}))
			.maxRetries(0)
			.sleeper(NoSleeper.INSTANCE)
			// The SDK would shut down an ExecutorService along with the client.
			.streamHandlerExecutor(this.streams::execute)
			.logLevel(LogLevel.OFF)
			.putHeader("User-Agent", userAgent());
		this.settings.headers().forEach(options::replaceHeaders);
		return new OpenAIClientImpl(options.build());
	}

	@Override
	public void close() {
		this.okHttp.dispatcher().cancelAll();
		this.okHttp.connectionPool().evictAll();
		this.exchanges.shutdown();
		this.streams.shutdown();
	}

	private OkHttpClient okHttp(OpenAiTransport.@Nullable Tls tls) {
		Dispatcher dispatcher = new Dispatcher(this.exchanges);
		dispatcher.setMaxRequests(this.settings.maxConnections());
		dispatcher.setMaxRequestsPerHost(this.settings.maxConnections());
		OkHttpClient.Builder builder = new OkHttpClient.Builder().dispatcher(dispatcher)
			.connectionPool(new ConnectionPool(this.settings.maxConnections(), this.settings.maxIdleTime().toMillis(),
					TimeUnit.MILLISECONDS))
			.followRedirects(false)
			.followSslRedirects(false)
			.connectTimeout(this.settings.connectTimeout())
			.writeTimeout(this.settings.readTimeout())
			.proxy(Proxy.NO_PROXY);
		HttpSettings.Proxy proxy = this.settings.proxy();
		if (proxy != null) {
			builder.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
		}
		if (this.proxyAuthorization != null) {
			builder.proxyAuthenticator((route, response) -> (response.request().header("Proxy-Authorization") != null)
					? null
					: response.request().newBuilder().header("Proxy-Authorization", this.proxyAuthorization).build());
		}
		if (tls != null) {
			builder.sslSocketFactory(tls.socketFactory(), tls.trustManager());
		}
		return builder.build();
	}

	private static @Nullable String proxyAuthorization(HttpSettings.@Nullable Proxy proxy) {
		if (proxy == null || proxy.username() == null) {
			return null;
		}
		return Credentials.basic(proxy.username(), (proxy.password() != null) ? proxy.password() : "");
	}

	private static String userAgent() {
		String version = SdkClient.class.getPackage().getImplementationVersion();
		return (version != null) ? "grok-spring-boot-starter/" + version : "grok-spring-boot-starter";
	}

	private static CustomizableThreadFactory threads(String prefix) {
		CustomizableThreadFactory threads = new CustomizableThreadFactory(prefix);
		threads.setDaemon(true);
		return threads;
	}

	/**
	 * Replaces the SDK's default, which starts a timer thread per client. Never used, as
	 * there are no retries.
	 */
	private enum NoSleeper implements Sleeper {

		INSTANCE;

		@Override
		public void sleep(Duration duration) {
		}

		@Override
		public CompletableFuture<Void> sleepAsync(Duration duration) {
			return CompletableFuture.completedFuture(null);
		}

		@Override
		public void close() {
		}

	}

}
