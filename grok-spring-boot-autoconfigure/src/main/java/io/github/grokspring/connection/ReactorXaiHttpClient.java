package io.github.grokspring.connection;

import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;

import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.micrometer.observation.ObservationRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufOutputStream;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Publisher;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Operators;
import reactor.netty.Connection;
import reactor.netty.NettyOutbound;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientRequest;
import reactor.netty.http.client.HttpClientResponse;

/**
 * {@link XaiHttpClient} based on Reactor Netty, with its own connections and event loops.
 * <p>
 * Requests contain the API key, the configured headers and what HTTP requires, but no
 * information about the machine, the application or its traces. Environment variables are
 * not read. Threads are daemons named {@code grok-http-…}.
 * <p>
 * {@linkplain #close() Closing} fails calls in progress and cannot be undone.
 * Thread-safe.
 *
 * @since 0.1.0
 */
public final class ReactorXaiHttpClient implements XaiHttpClient, AutoCloseable {

	private static final int MAX_ERROR_BODY = 64 * 1024;

	private static final int MAX_UNEXPECTED_BODY = 1024 * 1024;

	private static final String JSON = "application/json";

	private static final String EVENT_STREAM = "text/event-stream";

	private final HttpSettings settings;

	private final Map<String, String> secrets;

	private final URI baseUri;

	private final Supplier<String> apiKey;

	private final ObservationRegistry observations;

	private final Clock clock;

	private final HttpTransport transport;

	private final DeadlineTimer deadlines;

	private final Map<String, HttpClient.RequestSender> senders = new ConcurrentHashMap<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private ReactorXaiHttpClient(HttpSettings settings, Supplier<String> apiKey, ObservationRegistry observations,
			List<GrokHttpClientCustomizer> customizers, Clock clock) {
		this.settings = settings;
		this.secrets = settings.secrets();
		this.baseUri = URI.create(settings.baseUrl());
		this.apiKey = apiKey;
		this.observations = observations;
		this.clock = clock;
		this.transport = new HttpTransport(settings, customizers);
		this.deadlines = new DeadlineTimer(this.transport.timer());
		StreamScheduler.acquire();
	}

	/**
	 * Creates a client. It connects on the first request.
	 * @param settings the connection settings
	 * @param apiKey supplies the key of each request; invoked on the subscribing thread
	 * and must not block for long
	 * @param observations the registry for observations of exchanges
	 * @param customizers the customizers of the HTTP client, applied in order
	 * @return the client, which the caller must close
	 */
	public static ReactorXaiHttpClient create(HttpSettings settings, Supplier<String> apiKey,
			ObservationRegistry observations, List<GrokHttpClientCustomizer> customizers) {
		return create(settings, apiKey, observations, customizers, Clock.systemUTC());
	}

	/**
	 * Creates a client without observations.
	 * @param settings the connection settings
	 * @param apiKey supplies the key of each request
	 * @return the client, which the caller must close
	 */
	public static ReactorXaiHttpClient create(HttpSettings settings, Supplier<String> apiKey) {
		return create(settings, apiKey, ObservationRegistry.NOOP, List.of());
	}

	static ReactorXaiHttpClient create(HttpSettings settings, Supplier<String> apiKey, ObservationRegistry observations,
			List<GrokHttpClientCustomizer> customizers, Clock clock) {
		return new ReactorXaiHttpClient(settings, apiKey, observations, customizers, clock);
	}

	@Override
	public Mono<ApiResponse> exchange(ApiRequest request) {
		return new ExchangeFlux<ApiResponse>(this, request, JSON, this::readBody).singleOrEmpty();
	}

	@Override
	public <T> Flux<T> stream(ApiRequest request, Function<ResponseHeaders, EventDecoder<T>> decoderFactory) {
		return new ExchangeFlux<>(this, request, EVENT_STREAM,
				(exchange, response, connection) -> readEvents(exchange, response, connection, decoderFactory));
	}

	/**
	 * Returns the number of exchanges in progress.
	 * @return the number of exchanges
	 */
	public int inFlight() {
		return this.deadlines.size();
	}

	/**
	 * Fails calls in progress with kind {@link ErrorKind#CONNECTION}, closes all
	 * connections and stops the threads. Later calls fail in the same way. Waits up to
	 * two seconds for the threads to stop, unless called on one of them. Idempotent.
	 */
	@Override
	public void close() {
		if (this.closed.compareAndSet(false, true)) {
			try {
				this.deadlines.forEach(DeadlineTimer.Timed::close);
			}
			finally {
				this.transport.close();
				StreamScheduler.release();
			}
		}
	}

	@Override
	public String toString() {
		return "ReactorXaiHttpClient[" + this.settings.baseUrl() + ", " + this.settings.protocol() + "]";
	}

	private <T> void subscribe(ApiRequest request, String accept, ResponseReader<T> reader,
			CoreSubscriber<? super T> actual) {
		String authorization;
		ByteBuf body = null;
		try {
			authorization = authorization(request);
			body = body(request);
		}
		catch (GrokApiException ex) {
			Operators.error(actual, unsent(ex));
			return;
		}
		request.echoFilter().addSecrets(Map.of("authorization", authorization));
		request.echoFilter().addSecrets(request.headers());
		request.echoFilter().addSecrets(this.secrets);
		ExchangeObservation observation = ExchangeObservation.start(this.observations, request, this.baseUri,
				actual.currentContext());
		InFlightExchange<T> exchange = new InFlightExchange<>(actual, request, this.settings, this.deadlines,
				observation, body);
		sender(request).send((client, out) -> send(exchange, client, out, accept, authorization))
			.responseConnection((response, connection) -> receive(exchange, response, connection, reader))
			.subscribe(exchange);
		if (this.closed.get()) {
			exchange.close();
		}
	}

	// Custom body writers may throw a GrokApiException without marking it as unsent
	private static GrokApiException unsent(GrokApiException failure) {
		if (!failure.isSent()) {
			return failure;
		}
		GrokApiException unsent = failure.mutate(String.valueOf(failure.getMessage())).sent(false).build();
		unsent.setStackTrace(failure.getStackTrace());
		return unsent;
	}

	// Senders are cached for POST only, because paths of other methods contain IDs
	private HttpClient.RequestSender sender(ApiRequest request) {
		return "POST".equals(request.method()) ? this.senders.computeIfAbsent(request.path(), this::poster)
				: this.transport.client()
					.request(HttpMethod.valueOf(request.method()))
					.uri(this.settings.baseUrl() + request.path());
	}

	private HttpClient.RequestSender poster(String path) {
		return this.transport.client().post().uri(URI.create(this.settings.baseUrl() + path));
	}

	private String authorization(ApiRequest request) {
		if (this.closed.get()) {
			throw GrokApiException
				.builder(ErrorKind.CONNECTION,
						"The connection to xAI is closed. This happens after the application context was closed.")
				.sent(false)
				.retryable(false)
				.build();
		}
		RequestHeaders.validate(request.headers());
		for (Map.Entry<String, String> header : request.headers().entrySet()) {
			if (header.getKey().equalsIgnoreCase("authorization")) {
				return header.getValue();
			}
		}
		return "Bearer " + ApiKeySupplier.resolve(this.apiKey);
	}

	// Written on the subscribing thread, because the body may be large and its writer may
	// read files. The result is not pooled: Reactor Netty releases the body of a
	// cancelled request even while it is being sent, and a pooled buffer could belong to
	// another request by then.
	private static @Nullable ByteBuf body(ApiRequest request) {
		if (request.body() == null) {
			return null;
		}
		ByteBuf buffer = ByteBufAllocator.DEFAULT.buffer(2048);
		try (ByteBufOutputStream out = new ByteBufOutputStream(buffer)) {
			request.body().writeTo(out);
			return Unpooled.unreleasableBuffer(Unpooled.wrappedBuffer(ByteBufUtil.getBytes(buffer)));
		}
		catch (GrokApiException ex) {
			throw ex;
		}
		catch (Exception ex) {
			throw GrokApiException
				.builder(ErrorKind.INVALID_REQUEST,
						"The request could not be written (" + ex.getClass().getSimpleName()
								+ "), so nothing was sent to xAI.")
				.sent(false)
				.cause(ex)
				.build();
		}
		finally {
			buffer.release();
		}
	}

	private Publisher<Void> send(InFlightExchange<?> exchange, HttpClientRequest client, NettyOutbound out,
			String accept, String authorization) {
		ByteBuf body = exchange.startRequest();
		if (exchange.isEnded()) {
			return Mono.never();
		}
		out.withConnection((connection) -> ResponseBoundary.addTo(connection, exchange));
		HttpHeaders headers = client.requestHeaders();
		headers.set(HttpHeaderNames.ACCEPT, accept);
		if (body != null) {
			headers.set(HttpHeaderNames.CONTENT_TYPE, JSON);
		}
		for (Map.Entry<String, String> header : exchange.request().headers().entrySet()) {
			headers.set(header.getKey(), header.getValue());
		}
		headers.set(HttpHeaderNames.AUTHORIZATION, authorization);
		return (body != null) ? out.sendObject(body) : out;
	}

	private <T> Publisher<T> receive(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection,
			ResponseReader<T> reader) {
		int status = response.status().code();
		if (!exchange.startResponse(connection.channel().eventLoop(), status,
				response.responseHeaders().get("x-request-id"))) {
			connection.dispose();
			return Flux.never();
		}
		try {
			if (status < 200) {
				throw unexpectedStatus(status);
			}
			return reader.read(exchange, response, connection);
		}
		catch (Throwable ex) {
			connection.dispose();
			return Flux.error(ex);
		}
	}

	private static GrokApiException unexpectedStatus(int status) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"The server responded with status " + status + ", which is not a final response"
							+ ((status == 101) ? " to a request without a protocol upgrade" : "")
							+ ". Check 'grok.base-url' and any proxy or gateway between the application and xAI.")
			.status(status)
			.build();
	}

	private Publisher<ApiResponse> readBody(InFlightExchange<ApiResponse> exchange, HttpClientResponse response,
			Connection connection) {
		int status = response.status().code();
		HttpHeaders headers = response.responseHeaders();
		ResponseHeaders apiHeaders = ResponseHeaders.from(headers, this.clock);
		if (status >= 300) {
			return readError(exchange, response, connection, apiHeaders, MAX_ERROR_BODY, JSON);
		}
		return new BodyReader<>(connection.inbound().receiveObject(), connection.channel().eventLoop(), exchange,
				headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1),
				(int) Math.min(this.settings.maxResponseSize().toBytes(), Integer.MAX_VALUE - 8), false, (body) -> {
					if (UnexpectedResponseTranslator.isUnexpectedBody(headers, body)) {
						throw translate(exchange.request(), status, headers, body, apiHeaders, JSON);
					}
					return new ApiResponse(status, apiHeaders, headers.get(HttpHeaderNames.CONTENT_TYPE), body);
				});
	}

	private <T> Publisher<T> readEvents(InFlightExchange<T> exchange, HttpClientResponse response,
			Connection connection, Function<ResponseHeaders, EventDecoder<T>> decoderFactory) {
		HttpHeaders headers = response.responseHeaders();
		ResponseHeaders apiHeaders = ResponseHeaders.from(headers, this.clock);
		if (response.status().code() >= 300) {
			return readError(exchange, response, connection, apiHeaders, MAX_ERROR_BODY, EVENT_STREAM);
		}
		if (UnexpectedResponseTranslator.isUnexpectedStream(headers)) {
			return readError(exchange, response, connection, apiHeaders, MAX_UNEXPECTED_BODY, EVENT_STREAM);
		}
		EventLoop loop = connection.channel().eventLoop();
		return new EventReader<>(connection.inbound().receiveObject(), loop, exchange,
				decoderFactory.apply(apiHeaders));
	}

	private <T> Publisher<T> readError(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection,
			ResponseHeaders apiHeaders, int limit, String expected) {
		HttpHeaders headers = response.responseHeaders();
		int status = response.status().code();
		return new BodyReader<>(connection.inbound().receiveObject(), connection.channel().eventLoop(), exchange,
				headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1), limit, true, (body) -> {
					throw translate(exchange.request(), status, headers, body, apiHeaders, expected);
				});
	}

	private static GrokApiException translate(ApiRequest request, int status, HttpHeaders headers, byte[] body,
			ResponseHeaders apiHeaders, String expected) {
		return UnexpectedResponseTranslator.translate(status, headers, body, expected, apiHeaders, request.model(),
				request.path(), request.echoFilter());
	}

	/**
	 * Reads a response of one type.
	 *
	 * @param <T> the type of the elements
	 */
	@FunctionalInterface
	private interface ResponseReader<T> {

		Publisher<T> read(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection);

	}

	/**
	 * Starts an exchange for each subscriber.
	 *
	 * @param <T> the type of the elements
	 */
	private static final class ExchangeFlux<T> extends Flux<T> {

		private final ReactorXaiHttpClient http;

		private final ApiRequest request;

		private final String accept;

		private final ResponseReader<T> reader;

		ExchangeFlux(ReactorXaiHttpClient http, ApiRequest request, String accept, ResponseReader<T> reader) {
			this.http = http;
			this.request = request;
			this.accept = accept;
			this.reader = reader;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			this.http.subscribe(this.request, this.accept, this.reader, actual);
		}

	}

}
