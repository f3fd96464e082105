package io.github.grokspring.openai;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

import com.openai.core.RequestOptions;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpRequestBody;
import com.openai.core.http.HttpResponse;
import com.openai.errors.OpenAIIoException;
import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.connection.BlockingSubscriber;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.connection.UnexpectedResponseTranslator;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.error.GrokException;
import io.github.grokspring.wire.JsonValues;
import io.github.grokspring.wire.UnreadableBody;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.HttpHeaders;
import okhttp3.Call;
import okhttp3.Callback;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okhttp3.ResponseBody;
import okio.Buffer;
import okio.BufferedSink;
import okio.BufferedSource;
import okio.ForwardingSource;
import okio.Okio;
import okio.Source;
import org.jspecify.annotations.Nullable;
import reactor.core.Disposable;
import reactor.core.publisher.Mono;

/**
 * {@link HttpClient} of the OpenAI SDK for a single call.
 * <p>
 * The SDK's own clients follow redirects with the headers of the request, buffer lines of
 * any length and put response bodies into their exceptions. This one sends the request
 * once, limits the size of the response, and translates error responses before the SDK
 * sees them. It also leaves out the SDK's telemetry headers.
 * <p>
 * Thread-safe. Disposing it closes the connection and fails the call.
 */
final class OkHttpExchange implements HttpClient, Disposable {

	private static final String PATH = "/chat/completions";

	private static final String TELEMETRY = "x-stainless-";

	private static final long MAX_ERROR_BODY = 64 * 1024;

	/** Lower bound for the bytes that Spring AI may hold back while it merges chunks. */
	private static final long MIN_PENDING = 16 * 1024 * 1024;

	private final OkHttpClient okHttp;

	private final HttpSettings settings;

	private final @Nullable String proxyAuthorization;

	private final GrokChatOptions options;

	private final boolean streaming;

	private final Duration readTimeout;

	private final Duration callTimeout;

	private final EchoFilter echoFilter;

	private final AttemptContext attempt;

	private final AtomicLong contentSize = new AtomicLong();

	private final AtomicLong pendingSize = new AtomicLong();

	private @Nullable Call call;

	private boolean cancelled;

	private boolean sent;

	private volatile boolean disposed;

	private volatile boolean responseReceived;

	private volatile ResponseHeaders headers = ResponseHeaders.NONE;

	private volatile @Nullable GrokApiException failure;

	OkHttpExchange(OkHttpClient okHttp, HttpSettings settings, @Nullable String proxyAuthorization,
			GrokChatOptions options, boolean streaming, Duration readTimeout, EchoFilter echoFilter,
			AttemptContext attempt) {
		this.okHttp = okHttp;
		this.settings = settings;
		this.proxyAuthorization = proxyAuthorization;
		this.options = options;
		this.streaming = streaming;
		this.readTimeout = readTimeout;
		this.callTimeout = (options.getTimeout() != null) ? options.getTimeout() : settings.callTimeout();
		this.echoFilter = echoFilter;
		this.attempt = attempt;
	}

	@Override
	public HttpResponse execute(HttpRequest request, RequestOptions requestOptions) {
		try {
			return Objects
				.requireNonNull(BlockingSubscriber.await(Mono.fromFuture(() -> executeAsync(request, requestOptions))));
		}
		catch (GrokException ex) {
			if (ex instanceof GrokApiException) {
				throw ex;
			}
			cancel();
			throw isSent() ? ex : GrokException.unsent(String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions requestOptions) {
		CompletableFuture<HttpResponse> received = new CompletableFuture<>();
		try {
			start(request).enqueue(new ResponseCallback(received));
		}
		catch (IOException ex) {
			received.completeExceptionally(ex);
		}
		// Unlike OkHttp's call timeout, this one includes the time in the dispatcher's
		// queue.
		return received.orTimeout(this.callTimeout.toMillis(), TimeUnit.MILLISECONDS)
			.handleAsync(this::result, StreamScheduler.scheduler()::schedule)
			.thenCompose(Function.identity());
	}

	private CompletionStage<HttpResponse> result(@Nullable HttpResponse response, @Nullable Throwable failure) {
		if (response != null) {
			return CompletableFuture.completedFuture(response);
		}
		if (isCancelled()) {
			// Spring AI would report a failure to a subscriber that is gone.
			return new CompletableFuture<>();
		}
		if (failure instanceof IOException network) {
			return CompletableFuture.failedFuture(new OpenAIIoException("Request failed", network));
		}
		return CompletableFuture
			.failedFuture((failure instanceof TimeoutException) ? timedOut() : Objects.requireNonNull(failure));
	}

	private synchronized Call start(HttpRequest request) throws IOException {
		requireActive();
		Call call = this.okHttp.newBuilder()
			.readTimeout(this.readTimeout)
			.callTimeout(this.callTimeout)
			.build()
			.newCall(outgoing(request));
		this.call = call;
		return call;
	}

	private Request outgoing(HttpRequest request) {
		Request.Builder builder = new Request.Builder().url(request.url());
		for (String name : request.headers().names()) {
			if (!name.regionMatches(true, 0, TELEMETRY, 0, TELEMETRY.length())) {
				request.headers().values(name).forEach((value) -> builder.addHeader(name, value));
			}
		}
		Request outgoing = builder.post(new SingleUseBody(Objects.requireNonNull(request.body()))).build();
		String authorization = outgoing.header("Authorization");
		if (authorization != null) {
			this.echoFilter.addSecrets(Map.of("authorization", authorization));
		}
		return (this.proxyAuthorization != null && !outgoing.isHttps())
				? outgoing.newBuilder().header("Proxy-Authorization", this.proxyAuthorization).build() : outgoing;
	}

	private HttpResponse read(Response response) throws IOException {
		HttpHeaders headers = DefaultHttpHeadersFactory.headersFactory().withValidation(false).newHeaders();
		response.headers().forEach((header) -> headers.add(header.getFirst(), header.getSecond()));
		this.headers = ResponseHeaders.from(headers, Clock.systemUTC());
		this.attempt.recordResponse(this.headers.requestId());
		this.responseReceived = true;
		if (!response.isSuccessful() || (this.streaming && UnexpectedResponseTranslator.isUnexpectedStream(headers))) {
			throw translate(response, headers, errorBody(response));
		}
		@Nullable ResponseBody body = response.body();
		if (body == null) {
			throw new IOException("Response without a body");
		}
		return new SdkResponse(response, this.streaming ? Okio.buffer(new LimitedSource(body.source()))
				: readWhole(response, headers, body.source()));
	}

	// Reads the body on the dispatcher's thread, so that the caller can be interrupted.
	private BufferedSource readWhole(Response response, HttpHeaders headers, BufferedSource source) throws IOException {
		if (source.request(maxResponseSize() + 1)) {
			throw fail(responseTooLarge());
		}
		byte[] body = source.readByteArray();
		if (UnexpectedResponseTranslator.isUnexpectedBody(headers, body)) {
			throw translate(response, headers, body);
		}
		Map<String, @Nullable Object> json = JsonValues.readObject(new String(body, StandardCharsets.UTF_8));
		if (json.isEmpty() && UnreadableBody.matches(body)) {
			throw fail(UnreadableBody.toException(model(), response.code(), this.headers.requestId()));
		}
		// Spring AI logs the prompt when there is no choice.
		if (!(json.get("choices") instanceof List<?> choices) || choices.isEmpty()) {
			throw fail(notACompletion(response));
		}
		return new Buffer().write(body);
	}

	private GrokApiException translate(Response response, HttpHeaders headers, byte[] body) {
		return fail(UnexpectedResponseTranslator.translate(response.code(), headers, body,
				this.streaming ? "text/event-stream" : "application/json", this.headers, model(), PATH,
				this.echoFilter));
	}

	private static byte[] errorBody(Response response) {
		try {
			return response.peekBody(MAX_ERROR_BODY).bytes();
		}
		catch (IOException ex) {
			// Status and headers say more than the failure to read on.
			return new byte[0];
		}
	}

	private GrokApiException notACompletion(Response response) {
		String type = response.header("Content-Type");
		return GrokApiException
			.builder(ErrorKind.UNKNOWN,
					"xAI answered the request to " + PATH + " for model '" + LogSanitizer.sanitize(model())
							+ "' with something that is not a chat completion ("
							+ ((type != null) ? "content type '" + LogSanitizer.sanitize(type) + "'"
									: "no content type")
							+ "). Check that 'grok.base-url' leads to xAI.")
			.status(response.code())
			.requestId(this.headers.requestId())
			.build();
	}

	/**
	 * Returns the failure of a response that exceeds the maximum size.
	 */
	GrokApiException responseTooLarge() {
		return fail(GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The response of xAI for model '" + LogSanitizer.sanitize(model())
							+ "' was stopped because it became larger than " + maxResponseSize()
							+ " bytes. Limit it with 'max-tokens', or raise 'grok.http.max-response-size'.")
			.code(GrokApiException.RESPONSE_TOO_LARGE)
			.status(200)
			.requestId(this.headers.requestId())
			.retryable(false)
			.build());
	}

	private GrokApiException timedOut() {
		Call current = currentCall();
		boolean queued = current != null && this.okHttp.dispatcher().queuedCalls().contains(current);
		cancelCall();
		return fail(queued ? GrokApiException
			.builder(ErrorKind.TIMEOUT,
					"No connection to xAI could be had within " + this.callTimeout + ": all "
							+ this.settings.maxConnections()
							+ " are in use. Raise 'grok.http.max-connections' or make fewer calls at once.")
			.sent(false)
			.causedByApplication(true)
			.build() : callTimedOut(null));
	}

	/**
	 * Returns the failure of a call that exceeds its timeout.
	 * @param cause the cause, or {@code null}
	 */
	GrokApiException callTimedOut(@Nullable Throwable cause) {
		return GrokApiException
			.builder(ErrorKind.TIMEOUT,
					"The call to xAI for model '" + LogSanitizer.sanitize(model()) + "' was not complete within "
							+ this.callTimeout + ". Raise 'grok.http.call-timeout', or ask for less.")
			.cause(cause)
			.sent(isSent())
			.causedByApplication(this.callTimeout.compareTo(this.settings.callTimeout()) < 0)
			.build();
	}

	private GrokApiException fail(GrokApiException failure) {
		this.failure = failure;
		return failure;
	}

	/**
	 * Returns the translated failure of the call, or {@code null} if it has not failed or
	 * the SDK knows the cause.
	 */
	@Nullable GrokApiException failure() {
		return this.failure;
	}

	/**
	 * Counts content that has been read from a stream.
	 * @param bytes the size of the content in bytes
	 * @return whether the content of the stream is within the maximum size
	 */
	boolean addContent(long bytes) {
		this.pendingSize.set(0);
		return this.contentSize.addAndGet(bytes) <= maxResponseSize();
	}

	/**
	 * Cancels the call on behalf of its subscriber, which expects no failure. Closes the
	 * connection without waiting.
	 */
	void cancel() {
		synchronized (this) {
			this.cancelled = true;
		}
		cancelCall();
	}

	@Override
	public void dispose() {
		this.disposed = true;
		cancelCall();
	}

	@Override
	public boolean isDisposed() {
		return this.disposed;
	}

	/**
	 * Does nothing, as the OkHttp client belongs to all calls.
	 */
	@Override
	public void close() {
	}

	private void cancelCall() {
		Call current = currentCall();
		if (current != null) {
			current.cancel();
		}
	}

	private synchronized @Nullable Call currentCall() {
		return this.call;
	}

	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/**
	 * Whether the request may have reached xAI. Does not change after cancellation.
	 */
	synchronized boolean isSent() {
		return this.sent;
	}

	private synchronized void markSent() throws IOException {
		requireActive();
		this.sent = true;
	}

	private void requireActive() throws IOException {
		if (this.cancelled || this.disposed) {
			throw new IOException("Cancelled before it was sent");
		}
	}

	boolean isResponseReceived() {
		return this.responseReceived;
	}

	boolean isStreaming() {
		return this.streaming;
	}

	@Nullable String model() {
		return this.options.getModel();
	}

	Duration readTimeout() {
		return this.readTimeout;
	}

	ResponseHeaders headers() {
		return this.headers;
	}

	EchoFilter echoFilter() {
		return this.echoFilter;
	}

	private long maxResponseSize() {
		return this.settings.maxResponseSize().toBytes();
	}

	private final class ResponseCallback implements Callback {

		private final CompletableFuture<HttpResponse> received;

		private ResponseCallback(CompletableFuture<HttpResponse> received) {
			this.received = received;
		}

		@Override
		public void onResponse(Call call, Response response) {
			try {
				if (!this.received.complete(read(response))) {
					response.close();
				}
			}
			catch (Throwable ex) {
				response.close();
				this.received.completeExceptionally(ex);
			}
		}

		@Override
		public void onFailure(Call call, IOException ex) {
			this.received.completeExceptionally(ex);
		}

	}

	/**
	 * Request body that OkHttp does not send again after a broken connection, a 408 or a
	 * 503, because repeating a billed request is up to the retry stage.
	 */
	private final class SingleUseBody extends RequestBody {

		private final HttpRequestBody body;

		private SingleUseBody(HttpRequestBody body) {
			this.body = body;
		}

		@Override
		public @Nullable MediaType contentType() {
			String type = this.body.contentType();
			return (type != null) ? MediaType.parse(type) : null;
		}

		@Override
		public long contentLength() {
			return this.body.contentLength();
		}

		@Override
		public boolean isOneShot() {
			return true;
		}

		@Override
		public void writeTo(BufferedSink sink) throws IOException {
			markSent();
			this.body.writeTo(sink.outputStream());
		}

	}

	/**
	 * Limits the bytes that the SDK and Spring AI may hold back, such as a line without
	 * an end or parts of tool calls, and ends instead of failing once the subscriber is
	 * gone.
	 */
	private final class LimitedSource extends ForwardingSource {

		private LimitedSource(Source source) {
			super(source);
		}

		@Override
		public long read(Buffer sink, long byteCount) throws IOException {
			try {
				long count = super.read(sink, byteCount);
				if (count > 0 && OkHttpExchange.this.pendingSize.addAndGet(count) > Math.max(maxResponseSize(),
						MIN_PENDING)) {
					throw new IOException(responseTooLarge());
				}
				return count;
			}
			catch (IOException ex) {
				if (isCancelled()) {
					return -1;
				}
				throw ex;
			}
		}

	}

	private record SdkResponse(Response response, BufferedSource source) implements HttpResponse {

		@Override
		public int statusCode() {
			return this.response.code();
		}

		@Override
		public com.openai.core.http.Headers headers() {
			com.openai.core.http.Headers.Builder headers = com.openai.core.http.Headers.builder();
			this.response.headers().forEach((header) -> headers.put(header.getFirst(), header.getSecond()));
			return headers.build();
		}

		@Override
		public InputStream body() {
			return this.source.inputStream();
		}

		@Override
		public void close() {
			this.response.close();
		}

	}

}
