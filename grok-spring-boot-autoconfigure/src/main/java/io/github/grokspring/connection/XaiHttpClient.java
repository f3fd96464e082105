package io.github.grokspring.connection;

import java.util.function.Function;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * Client for HTTP exchanges with xAI. All failures, including those of the network, are
 * signalled as {@link io.github.grokspring.error.GrokApiException}. Nothing is sent
 * before subscription, and each subscription sends exactly one request. Cancellation is
 * possible at any time, closes the socket immediately and does not block.
 * <p>
 * Signals are emitted on event loop threads. Switch to another thread before calling
 * application code. Thread-safe.
 *
 * @since 0.1.0
 */
public interface XaiHttpClient {

	/**
	 * Sends a request and receives the complete response.
	 * @param request the request
	 * @return the response
	 */
	Mono<ApiResponse> exchange(ApiRequest request);

	/**
	 * Sends a request and receives server-sent events. The socket is not read while there
	 * is no demand.
	 * @param request the request
	 * @param decoderFactory creates the decoder from the response headers
	 * @param <T> the type of the elements
	 * @return the decoded elements
	 */
	<T> Flux<T> stream(ApiRequest request, Function<ResponseHeaders, EventDecoder<T>> decoderFactory);

}
