package io.github.grokspring.openai;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.connection.ApiHeaders;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import okhttp3.Call;
import okhttp3.Headers;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Stands between the SDK and the network: knows which call an exchange belongs to, keeps
 * telemetry of the SDK and traces from xAI, has nothing sent twice or elsewhere, and lets
 * an {@link RawResponseReader} see every answer before the SDK does.
 */
final class ExchangeInterceptor implements Interceptor {

	private final OkHttpClient exchanges;

	private final InFlightCalls calls;

	private final RawResponseReader answers;

	private final @Nullable String proxyAuthorization;

	private final Clock clock;

	/**
	 * Create an interceptor.
	 * @param exchanges makes the exchanges in place of the client of the SDK, which
	 * follows redirects
	 */
	ExchangeInterceptor(OkHttpClient exchanges, InFlightCalls calls, RawResponseReader answers,
			@Nullable String proxyAuthorization, Clock clock) {
		this.exchanges = exchanges;
		this.calls = calls;
		this.answers = answers;
		this.proxyAuthorization = proxyAuthorization;
		this.clock = clock;
	}

	@Override
	public Response intercept(Chain chain) throws IOException {
		InFlightCall call = this.calls.find(chain.request().header(InFlightCalls.HEADER));
		if (call == null) {
			throw new IOException("Cancelled before it was sent");
		}
		Request request = outgoing(chain.request(), call);
		String authorization = request.header("Authorization");
		if (authorization != null) {
			call.sent().addSecrets(Map.of("authorization", authorization));
		}
		Call exchange = this.exchanges.newBuilder()
			.connectTimeout(chain.connectTimeoutMillis(), TimeUnit.MILLISECONDS)
			.writeTimeout(chain.writeTimeoutMillis(), TimeUnit.MILLISECONDS)
			.readTimeout(millis(call.silence()), TimeUnit.MILLISECONDS)
			.callTimeout(millis(call.remaining()), TimeUnit.MILLISECONDS)
			.build()
			.newCall(request);
		call.sending(exchange);
		Response response = exchange.execute();
		HttpHeaders headers = headers(response.headers());
		call.answered(ApiHeaders.from(headers, this.clock));
		return this.answers.read(response, headers, call);
	}

	private Request outgoing(Request request, InFlightCall call) {
		Request.Builder builder = request.newBuilder().removeHeader(InFlightCalls.HEADER);
		for (String name : request.headers().names()) {
			// What the request did not have from the beginning belongs to a trace.
			if (name.toLowerCase(Locale.ROOT).startsWith("x-stainless-") || !call.hasHeader(name)) {
				builder.removeHeader(name);
			}
		}
		if (this.proxyAuthorization != null && !request.isHttps()) {
			builder.header("Proxy-Authorization", this.proxyAuthorization);
		}
		RequestBody body = request.body();
		return ((body != null) ? builder.method(request.method(), new SentOnce(body, call)) : builder).build();
	}

	private static int millis(Duration duration) {
		return (int) Math.min(duration.toMillis(), Integer.MAX_VALUE);
	}

	private static HttpHeaders headers(Headers headers) {
		HttpHeaders copy = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
		headers.forEach((header) -> copy.add(header.getFirst(), header.getSecond()));
		return copy;
	}

	/**
	 * A body that OkHttp does not send again by itself after a broken connection, a 408
	 * or a 503: whether a request is worth its price twice is for the retry stage to say.
	 */
	private static final class SentOnce extends RequestBody {

		private final RequestBody body;

		private final InFlightCall call;

		private SentOnce(RequestBody body, InFlightCall call) {
			this.body = body;
			this.call = call;
		}

		@Override
		public @Nullable MediaType contentType() {
			return this.body.contentType();
		}

		@Override
		public long contentLength() throws IOException {
			return this.body.contentLength();
		}

		@Override
		public boolean isOneShot() {
			return true;
		}

		@Override
		public void writeTo(BufferedSink sink) throws IOException {
			this.call.writing();
			this.body.writeTo(sink);
		}

	}

}
