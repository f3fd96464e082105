package io.github.grokspring.connection;

import java.util.function.Function;

import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

/**
 * One exchange with xAI over HTTP. Every failure, of the network too, arrives as
 * {@link io.github.grokspring.error.GrokApiException}. Nothing is sent before
 * subscription and nothing is ever sent twice for one subscription. Cancelling, at any
 * time, closes the socket at once and never blocks the cancelling thread.
 * <p>
 * Signals arrive on event-loop threads: whoever hands them to code of the application
 * must leave these threads first. Safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface XaiHttpClient {

	/**
	 * Send a request and receive the whole answer.
	 * @param request what to ask
	 * @return the answer, or a failure
	 */
	Mono<ApiResponse> exchange(ApiRequest request);

	/**
	 * Send a request and receive server-sent events. Respects demand: the socket is not
	 * read while nothing is requested.
	 * @param request what to ask
	 * @param decoders makes the decoder once the headers are known
	 * @param <T> the type of the elements
	 * @return the decoded elements, or a failure
	 */
	<T> Flux<T> stream(ApiRequest request, Function<ApiHeaders, EventDecoder<T>> decoders);

}
