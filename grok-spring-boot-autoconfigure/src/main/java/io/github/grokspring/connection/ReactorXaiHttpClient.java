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
 * {@link XaiHttpClient} over Reactor Netty, with connections and event loops of its own.
 * <p>
 * It sends the API key, the headers it was told to send and what HTTP needs; nothing
 * about the machine, the application or its traces. It reads no environment variable. Its
 * threads are daemons named {@code grok-http-…}.
 * <p>
 * {@linkplain #close() Closing} ends calls in flight with a failure and is final. Safe
 * for use by several threads.
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

	private final URI base;

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
		this.base = URI.create(settings.baseUrl());
		this.apiKey = apiKey;
		this.observations = observations;
		this.clock = clock;
		this.transport = new HttpTransport(settings, customizers);
		this.deadlines = new DeadlineTimer(this.transport.timer());
		StreamScheduler.acquire();
	}

	/**
	 * Create an exchange. It connects with the first request.
	 * @param settings how to reach xAI
	 * @param apiKey gives the key for each request; asked on the subscribing thread, must
	 * not block for long
	 * @param observations where exchanges are observed
	 * @param customizers have the last word on the HTTP client, in order
	 * @return the exchange, to be closed when it is no longer needed
	 */
	public static ReactorXaiHttpClient create(HttpSettings settings, Supplier<String> apiKey,
			ObservationRegistry observations, List<GrokHttpClientCustomizer> customizers) {
		return create(settings, apiKey, observations, customizers, Clock.systemUTC());
	}

	/**
	 * Create an exchange that is not observed.
	 * @param settings how to reach xAI
	 * @param apiKey gives the key for each request
	 * @return the exchange, to be closed when it is no longer needed
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
		return new ExchangeFlux<ApiResponse>(this, request, JSON, this::whole).singleOrEmpty();
	}

	@Override
	public <T> Flux<T> stream(ApiRequest request, Function<ApiHeaders, EventDecoder<T>> decoders) {
		return new ExchangeFlux<>(this, request, EVENT_STREAM,
				(exchange, response, connection) -> events(exchange, response, connection, decoders));
	}

	/**
	 * How many exchanges are in flight.
	 * @return the number
	 */
	public int inFlight() {
		return this.deadlines.size();
	}

	/**
	 * End calls in flight with a failure of kind {@link ErrorKind#CONNECTION}, close all
	 * connections and stop the threads. Later calls fail in the same way. Waits for the
	 * threads to stop, for two seconds at most, unless called on one of them. Has no
	 * effect when called again.
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

	private <T> void subscribe(ApiRequest request, String accept, ResponseReader<T> answer,
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
		ExchangeObservation observation = ExchangeObservation.start(this.observations, request, this.base,
				actual.currentContext());
		InFlightExchange<T> exchange = new InFlightExchange<>(actual, request, this.settings, this.deadlines,
				observation, body);
		sender(request).send((client, out) -> send(exchange, client, out, accept, authorization))
			.responseConnection((response, connection) -> receive(exchange, response, connection, answer))
			.subscribe(exchange);
		if (this.closed.get()) {
			exchange.close();
		}
	}

	// What writes the body may fail in words of its own.
	private static GrokApiException unsent(GrokApiException failure) {
		if (!failure.isSent()) {
			return failure;
		}
		GrokApiException unsent = failure.mutate(String.valueOf(failure.getMessage())).sent(false).build();
		unsent.setStackTrace(failure.getStackTrace());
		return unsent;
	}

	// There are few paths to post to, unlike those with ids to get from or delete.
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
						"The connection to xAI is closed, as it is after the application context was closed.")
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

	// The body is written on the subscribing thread: it may be large, and what writes it
	// may read files. What is handed on is not pooled, because Reactor Netty releases the
	// body of a cancelled request even when it is in the middle of being sent: a buffer
	// of
	// the pool would belong to the request of another caller by then.
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
		ByteBuf body = exchange.takeBody();
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
			ResponseReader<T> answer) {
		int status = response.status().code();
		if (!exchange.startResponse(connection.channel().eventLoop(), status,
				response.responseHeaders().get("x-request-id"))) {
			connection.dispose();
			return Flux.never();
		}
		try {
			if (status < 200) {
				throw notFinal(status);
			}
			return answer.read(exchange, response, connection);
		}
		catch (Throwable ex) {
			connection.dispose();
			return Flux.error(ex);
		}
	}

	private static GrokApiException notFinal(int status) {
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"The server answered with status " + status + ", which does not answer a request"
							+ ((status == 101) ? " that did not ask to switch protocols" : "")
							+ ". Check 'grok.base-url' and what stands between the application and xAI.")
			.status(status)
			.build();
	}

	private Publisher<ApiResponse> whole(InFlightExchange<ApiResponse> exchange, HttpClientResponse response,
			Connection connection) {
		int status = response.status().code();
		HttpHeaders headers = response.responseHeaders();
		ApiHeaders meaning = ApiHeaders.from(headers, this.clock);
		if (status >= 300) {
			return error(exchange, response, connection, meaning, MAX_ERROR_BODY, JSON);
		}
		return new BodyReader<>(connection.inbound().receiveObject(), connection.channel().eventLoop(), exchange,
				headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1),
				(int) Math.min(this.settings.maxResponseSize().toBytes(), Integer.MAX_VALUE - 8), false, (body) -> {
					if (UnexpectedResponseTranslator.isUnexpectedBody(headers, body)) {
						throw translate(exchange.request(), status, headers, body, meaning, JSON);
					}
					return new ApiResponse(status, meaning, headers.get(HttpHeaderNames.CONTENT_TYPE), body);
				});
	}

	private <T> Publisher<T> events(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection,
			Function<ApiHeaders, EventDecoder<T>> decoders) {
		HttpHeaders headers = response.responseHeaders();
		ApiHeaders meaning = ApiHeaders.from(headers, this.clock);
		if (response.status().code() >= 300) {
			return error(exchange, response, connection, meaning, MAX_ERROR_BODY, EVENT_STREAM);
		}
		if (UnexpectedResponseTranslator.isUnexpectedStream(headers)) {
			return error(exchange, response, connection, meaning, MAX_UNEXPECTED_BODY, EVENT_STREAM);
		}
		EventLoop loop = connection.channel().eventLoop();
		return new EventReader<>(connection.inbound().receiveObject(), loop, exchange, decoders.apply(meaning));
	}

	private <T> Publisher<T> error(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection,
			ApiHeaders meaning, int limit, String expected) {
		HttpHeaders headers = response.responseHeaders();
		int status = response.status().code();
		return new BodyReader<>(connection.inbound().receiveObject(), connection.channel().eventLoop(), exchange,
				headers.getInt(HttpHeaderNames.CONTENT_LENGTH, -1), limit, true, (body) -> {
					throw translate(exchange.request(), status, headers, body, meaning, expected);
				});
	}

	private static GrokApiException translate(ApiRequest request, int status, HttpHeaders headers, byte[] body,
			ApiHeaders meaning, String expected) {
		return UnexpectedResponseTranslator.translate(status, headers, body, expected, meaning, request.model(),
				request.path(), request.echoFilter());
	}

	/**
	 * Reads an answer of one kind.
	 *
	 * @param <T> the type of its elements
	 */
	@FunctionalInterface
	private interface ResponseReader<T> {

		Publisher<T> read(InFlightExchange<T> exchange, HttpClientResponse response, Connection connection);

	}

	/**
	 * Begins an exchange for every subscriber.
	 *
	 * @param <T> the type of the elements
	 */
	private static final class ExchangeFlux<T> extends Flux<T> {

		private final ReactorXaiHttpClient http;

		private final ApiRequest request;

		private final String accept;

		private final ResponseReader<T> answer;

		ExchangeFlux(ReactorXaiHttpClient http, ApiRequest request, String accept, ResponseReader<T> answer) {
			this.http = http;
			this.request = request;
			this.accept = accept;
			this.answer = answer;
		}

		@Override
		public void subscribe(CoreSubscriber<? super T> actual) {
			this.http.subscribe(this.request, this.accept, this.answer, actual);
		}

	}

}
