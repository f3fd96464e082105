package io.github.grokspring.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.StreamScheduler;
import io.github.grokspring.connection.ApiHeaders;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import okhttp3.Call;
import org.jspecify.annotations.Nullable;

/**
 * One call in flight: what the HTTP client must know of it, and what it learned on the
 * way that the SDK does not hand on. Safe for use by several threads.
 */
final class InFlightCall {

	private final String id;

	private final boolean streaming;

	private final @Nullable String model;

	private final Duration silence;

	private final Duration timeout;

	private final EchoFilter sent;

	private final long limit;

	private final AttemptContext attempt;

	private final AtomicLong kept = new AtomicLong();

	private final long start = System.nanoTime();

	private final CompletableFuture<@Nullable Void> connecting = new CompletableFuture<>();

	private @Nullable Call call;

	private boolean cancelled;

	private boolean written;

	private volatile boolean connectionClosed;

	private volatile boolean answered;

	private volatile boolean finished;

	private volatile ApiHeaders headers = ApiHeaders.NONE;

	private volatile Set<String> headersOfRequest = Set.of();

	private volatile @Nullable String serviceTier;

	private final Map<String, String> finishReasons = new ConcurrentHashMap<>(0);

	private final List<Object> annotations = Collections.synchronizedList(new ArrayList<>(0));

	private volatile @Nullable GrokApiException failure;

	InFlightCall(String id, boolean streaming, @Nullable String model, Duration silence, Duration timeout,
			EchoFilter sent, long limit, AttemptContext attempt) {
		this.id = id;
		this.streaming = streaming;
		this.model = model;
		this.silence = silence;
		this.timeout = timeout;
		this.sent = sent;
		this.limit = limit;
		this.attempt = attempt;
	}

	String id() {
		return this.id;
	}

	boolean streaming() {
		return this.streaming;
	}

	@Nullable String model() {
		return this.model;
	}

	// How long the server may be silent.
	Duration silence() {
		return this.silence;
	}

	// How long the whole call may take.
	Duration timeout() {
		return this.timeout;
	}

	// How much of the timeout is left, at least a millisecond.
	Duration remaining() {
		Duration remaining = this.timeout.minusNanos(System.nanoTime() - this.start);
		return (remaining.toMillis() > 0) ? remaining : Duration.ofMillis(1);
	}

	/**
	 * Runs an action when the call has waited for a connection as long as it may take.
	 */
	void onConnectionTimeout(Runnable action) {
		this.connecting.orTimeout(remaining().toMillis(), TimeUnit.MILLISECONDS).exceptionallyAsync((ex) -> {
			action.run();
			return null;
		}, StreamScheduler.scheduler()::schedule);
	}

	// Whether the call waited for a connection until its time was up.
	boolean isConnectionTimedOut() {
		return this.connecting.isCompletedExceptionally();
	}

	// Why the call failed, if it waited for a connection until then.
	GrokApiException withoutConnection(int maxConnections) {
		return failed(GrokApiException
			.builder(ErrorKind.TIMEOUT,
					"No connection to xAI could be had within " + this.timeout + ": all " + maxConnections
							+ " are in use. Raise 'grok.http.max-connections' or make fewer calls at once.")
			.sent(false)
			.causedByApplication(true)
			.build());
	}

	// What failures must not repeat.
	EchoFilter sent() {
		return this.sent;
	}

	/**
	 * More content of a stream is kept.
	 * @param bytes how much
	 * @return whether all of it together is within the limit
	 */
	boolean keep(long bytes) {
		return this.kept.addAndGet(bytes) <= this.limit;
	}

	long limit() {
		return this.limit;
	}

	// Why the call was stopped, if its response became too large.
	GrokApiException tooLarge() {
		return failed(GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The response of xAI for model '" + LogSanitizer.sanitize(this.model)
							+ "' was stopped because it became larger than " + this.limit
							+ " bytes. Limit it with 'max-tokens', or raise 'grok.http.max-response-size'.")
			.code(GrokApiException.RESPONSE_TOO_LARGE)
			.status(200)
			.requestId(this.headers.requestId())
			.retryable(false)
			.build());
	}

	// The headers that the request has before anybody observes it.
	void headersOfRequest(Set<String> names) {
		this.headersOfRequest = names.stream().map((name) -> name.toLowerCase(Locale.ROOT)).collect(Collectors.toSet());
	}

	boolean hasHeader(String name) {
		return this.headersOfRequest.contains(name.toLowerCase(Locale.ROOT));
	}

	// The request is about to be sent.
	synchronized void sending(Call call) throws IOException {
		if (this.cancelled || !this.connecting.complete(null)) {
			throw new IOException("Cancelled before it was sent");
		}
		this.call = call;
	}

	// The body of the request is about to be written.
	synchronized void writing() throws IOException {
		if (this.cancelled) {
			throw new IOException("Cancelled before it was sent");
		}
		this.written = true;
	}

	// Whether the request may have reached xAI. Does not change once it is cancelled.
	synchronized boolean isSent() {
		return this.written;
	}

	void answered(ApiHeaders headers) {
		this.headers = headers;
		this.attempt.recordResponse(headers.requestId());
		this.answered = true;
	}

	// Whether headers of an answer have come.
	boolean hasAnswer() {
		return this.answered;
	}

	/** The model has said why it stopped. */
	void finished() {
		this.finished = true;
	}

	boolean isFinished() {
		return this.finished;
	}

	/**
	 * A choice ended for a reason that the SDK does not know.
	 */
	void finishReason(String index, String reason) {
		this.finishReasons.put(index, reason);
	}

	@Nullable String finishReason(@Nullable Object index) {
		return this.finishReasons.get(String.valueOf(index));
	}

	/**
	 * Annotations came in a stream, of which Spring AI hands on none.
	 */
	void annotations(List<?> annotations) {
		this.annotations.addAll(annotations);
	}

	List<Object> annotations() {
		return List.copyOf(this.annotations);
	}

	// The answer says in which tier it was served.
	void servedIn(String tier) {
		this.serviceTier = tier;
	}

	@Nullable String serviceTier() {
		return this.serviceTier;
	}

	ApiHeaders headers() {
		return this.headers;
	}

	GrokApiException failed(GrokApiException failure) {
		this.failure = failure;
		return failure;
	}

	// Why xAI refused the call, if it did.
	@Nullable GrokApiException failure() {
		return this.failure;
	}

	/**
	 * Close the socket, at once and without waiting for anything. Does nothing once the
	 * answer has been read.
	 */
	void cancel() {
		Call current;
		synchronized (this) {
			this.cancelled = true;
			this.connecting.complete(null);
			current = this.call;
		}
		if (current != null) {
			current.cancel();
		}
	}

	synchronized boolean isCancelled() {
		return this.cancelled;
	}

	/** Cancel the call from this side while somebody still waits for its answer. */
	void closeConnection() {
		this.connectionClosed = true;
		Call current;
		synchronized (this) {
			current = this.call;
		}
		if (current != null) {
			current.cancel();
		}
	}

	boolean isConnectionClosed() {
		return this.connectionClosed;
	}

}
