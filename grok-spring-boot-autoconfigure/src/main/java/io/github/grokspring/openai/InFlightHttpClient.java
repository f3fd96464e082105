package io.github.grokspring.openai;

import java.io.InputStream;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

import com.openai.core.RequestOptions;
import com.openai.core.http.Headers;
import com.openai.core.http.HttpClient;
import com.openai.core.http.HttpRequest;
import com.openai.core.http.HttpResponse;
import io.github.grokspring.connection.BlockingSubscriber;
import io.github.grokspring.error.GrokException;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Mono;

/**
 * Lets a thread that waits for an answer be interrupted, a stream be cancelled without a
 * failure that nobody waits for, and a call that gets no connection end in time. OkHttp's
 * own blocking call waits in a read of the socket, which no interrupt ends; here another
 * thread reads, and hands over an answer that is complete.
 */
final class InFlightHttpClient implements HttpClient {

	private final HttpClient delegate;

	private final InFlightCalls calls;

	private final int maxConnections;

	InFlightHttpClient(HttpClient delegate, InFlightCalls calls, int maxConnections) {
		this.delegate = delegate;
		this.calls = calls;
		this.maxConnections = maxConnections;
	}

	@Override
	public HttpResponse execute(HttpRequest request, RequestOptions options) {
		InFlightCall call = register(request);
		try {
			return Objects
				.requireNonNull(BlockingSubscriber.await(Mono.fromFuture(() -> exchange(request, options, call))));
		}
		catch (GrokException ex) {
			if (call == null || ex.getClass() != GrokException.class) {
				throw ex;
			}
			call.cancel();
			throw call.isSent() ? ex : GrokException.unsent(String.valueOf(ex.getMessage()));
		}
	}

	@Override
	public CompletableFuture<HttpResponse> executeAsync(HttpRequest request, RequestOptions options) {
		InFlightCall call = register(request);
		if (call == null || call.isCancelled()) {
			return CompletableFuture.completedFuture(EmptyStream.INSTANCE);
		}
		return exchange(request, options, call).handle((response, failure) -> {
			if (failure == null) {
				return response;
			}
			if (call.isCancelled()) {
				return EmptyStream.INSTANCE;
			}
			throw (failure instanceof CompletionException wrapped) ? wrapped : new CompletionException(failure);
		});
	}

	// OkHttp lets a call wait in its queue for as long as it takes.
	private CompletableFuture<HttpResponse> exchange(HttpRequest request, RequestOptions options,
			@Nullable InFlightCall call) {
		CompletableFuture<HttpResponse> exchange = this.delegate.executeAsync(request, options);
		if (call != null) {
			call.onConnectionTimeout(() -> exchange.completeExceptionally(call.withoutConnection(this.maxConnections)));
		}
		return exchange;
	}

	@Override
	public void close() {
		this.delegate.close();
	}

	/**
	 * Find the call that a request belongs to, and tell it which headers the request has
	 * before anybody observes it.
	 */
	private @Nullable InFlightCall register(HttpRequest request) {
		List<String> ids = request.headers().values(InFlightCalls.HEADER);
		InFlightCall call = ids.isEmpty() ? null : this.calls.find(ids.get(0));
		if (call != null) {
			call.headersOfRequest(request.headers().names());
		}
		return call;
	}

	/**
	 * To the SDK a cancelled stream is one that ended, or Spring AI would report a
	 * failure to a subscriber who is gone.
	 */
	private static final class EmptyStream implements HttpResponse {

		private static final EmptyStream INSTANCE = new EmptyStream();

		@Override
		public int statusCode() {
			return 200;
		}

		@Override
		public Headers headers() {
			return Headers.builder().build();
		}

		@Override
		public InputStream body() {
			return InputStream.nullInputStream();
		}

		@Override
		public void close() {
		}

	}

}
