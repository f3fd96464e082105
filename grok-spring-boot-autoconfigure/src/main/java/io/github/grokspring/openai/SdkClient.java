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

	private final Dispatcher dispatcher;

	private final OpenAIClient client;

	SdkClient(HttpSettings settings, Supplier<@Nullable String> apiKey, OpenAiTransport.@Nullable Tls tls,
			ActiveCalls calls, ObservationRegistry observations) {
		SpringAiOpenAiHttpClient http = httpClient(settings, tls, calls, observations);
		this.dispatcher = http.getOkHttpClient().dispatcher();
		this.dispatcher.setMaxRequests(settings.maxConnections());
		this.dispatcher.setMaxRequestsPerHost(settings.maxConnections());
		ClientOptions.Builder options = ClientOptions.builder()
			.httpClient(new CallAwareHttpClient(http, calls))
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
		this.client.close();
		this.exchanges.shutdown();
		this.streams.shutdown();
	}

	private SpringAiOpenAiHttpClient httpClient(HttpSettings settings, OpenAiTransport.@Nullable Tls tls,
			ActiveCalls calls, ObservationRegistry observations) {
		SpringAiOpenAiHttpClient.Builder http = SpringAiOpenAiHttpClient.builder()
			.timeout(timeout(settings))
			.maxIdleConnections(settings.maxConnections())
			.keepAliveDuration(settings.maxIdleTime())
			.dispatcherExecutorService(this.exchanges)
			.observationRegistry(observations)
			.proxy(Proxy.NO_PROXY);
		String proxyAuthorization = null;
		HttpSettings.Proxy proxy = settings.proxy();
		if (proxy != null) {
			http.proxy(new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
			if (proxy.username() != null) {
				String password = (proxy.password() != null) ? proxy.password() : "";
				http.proxyAuthenticator(ProxyAuthenticator.basic(proxy.username(), password));
				proxyAuthorization = Credentials.basic(proxy.username(), password);
			}
		}
		if (tls != null) {
			http.sslSocketFactory(tls.socketFactory()).trustManager(tls.trustManager());
		}
		return http
			.interceptor(
					new ExchangeInterceptor(calls, new AnswerReader(settings), proxyAuthorization, Clock.systemUTC()))
			.build();
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
