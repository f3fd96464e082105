package io.github.grokspring.connection;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.github.grokspring.chain.AttemptContext;
import io.github.grokspring.chain.LogSanitizer;
import io.github.grokspring.chain.SendState;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.util.context.Context;

/**
 * Exchange in progress between the HTTP client and the subscriber. Ends the exchange when
 * a deadline expires or the connection is closed, and guarantees that it ends only once.
 * <p>
 * Until the response starts, the thread that changes {@link #phase} to {@link #ENDED}
 * ends the exchange. From then on all signals are emitted on the event loop of the
 * socket, so that a failure cannot overtake an element.
 *
 * @param <T> the type of the elements
 */
final class InFlightExchange<T> implements CoreSubscriber<T>, Subscription, DeadlineTimer.Timed {

	private static final Log logger = LogFactory.getLog(ReactorXaiHttpClient.class);

	/** Waiting for a connection; nothing has been sent. */
	private static final int WAITING = 0;

	private static final int SENT = 1;

	/** The response headers have been received. */
	private static final int RESPONDING = 2;

	private static final int ENDED = 3;

	/** The response has not been read completely. */
	private static final int OPEN = 0;

	/** The response has been read completely, and the connection returns to the pool. */
	private static final int READ = 1;

	/** The connection is about to be closed. */
	private static final int ABANDONED = 2;

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<InFlightExchange> PHASE = AtomicIntegerFieldUpdater
		.newUpdater(InFlightExchange.class, "phase");

	@SuppressWarnings("rawtypes")
	private static final AtomicIntegerFieldUpdater<InFlightExchange> CONNECTION = AtomicIntegerFieldUpdater
		.newUpdater(InFlightExchange.class, "connection");

	@SuppressWarnings("rawtypes")
	private static final AtomicLongFieldUpdater<InFlightExchange> LAST_CONTENT = AtomicLongFieldUpdater
		.newUpdater(InFlightExchange.class, "lastContent");

	@SuppressWarnings("rawtypes")
	private static final AtomicLongFieldUpdater<InFlightExchange> LAST_READ = AtomicLongFieldUpdater
		.newUpdater(InFlightExchange.class, "lastRead");

	private final CoreSubscriber<? super T> actual;

	private final ApiRequest request;

	private final HttpSettings settings;

	private final DeadlineTimer deadlines;

	private final ExchangeObservation observation;

	/** Cleared as soon as possible to free memory. */
	private volatile @Nullable ByteBuf body;

	private final Duration timeout;

	private final long start;

	private final long end;

	private final @Nullable SendState sendState;

	private volatile int phase = WAITING;

	private volatile int connection = OPEN;

	private volatile long lastRead;

	/** {@link DeadlineTimer#NEVER} unless the content timeout applies. */
	private volatile long lastContent = DeadlineTimer.NEVER;

	private volatile long readTimeout;

	private volatile boolean writing;

	private volatile boolean paused;

	private volatile long pausedAt;

	private volatile long pausedNanos;

	private volatile boolean causedByApplication;

	private int status;

	private @Nullable String requestId;

	private @Nullable EventLoop loop;

	private @Nullable Subscription upstream;

	InFlightExchange(CoreSubscriber<? super T> actual, ApiRequest request, HttpSettings settings,
			DeadlineTimer deadlines, ExchangeObservation observation, @Nullable ByteBuf body) {
		this.actual = actual;
		this.request = request;
		this.settings = settings;
		this.deadlines = deadlines;
		this.observation = observation;
		this.body = body;
		this.timeout = (request.timeout() != null) ? request.timeout() : settings.callTimeout();
		this.start = DeadlineTimer.now();
		this.end = this.start + DeadlineTimer.toNanos(this.timeout);
		this.readTimeout = DeadlineTimer.toNanos(request.readTimeout());
		this.sendState = SendState.of(actual.currentContext());
		if (this.sendState != null) {
			this.sendState.track();
		}
	}

	ApiRequest request() {
		return this.request;
	}

	@Override
	public Context currentContext() {
		return this.actual.currentContext();
	}

	/**
	 * Marks the request as sent.
	 * @return the body to send, or {@code null} if there is none
	 */
	@Nullable ByteBuf startRequest() {
		LAST_READ.lazySet(this, DeadlineTimer.now());
		if (PHASE.compareAndSet(this, WAITING, SENT)) {
			markSent();
			this.deadlines.scheduleIfEarlier(deadline());
		}
		ByteBuf body = this.body;
		this.body = null;
		return body;
	}

	private void markSent() {
		if (this.sendState != null) {
			this.sendState.markSent();
		}
	}

	boolean isEnded() {
		return this.phase == ENDED;
	}

	/**
	 * Marks the start of the response.
	 * @return {@code false} if the exchange has ended in the meantime
	 */
	boolean startResponse(EventLoop loop, int status, @Nullable String requestId) {
		this.loop = loop;
		this.status = status;
		this.requestId = requestId;
		AttemptContext attempt = this.request.attempt();
		if (attempt != null) {
			attempt.recordResponse(requestId);
		}
		this.observation.setStatus(status);
		LAST_READ.lazySet(this, DeadlineTimer.now());
		return PHASE.compareAndSet(this, SENT, RESPONDING) || PHASE.compareAndSet(this, WAITING, RESPONDING);
	}

	/**
	 * Marks the response as completely read, so that the connection can return to the
	 * pool.
	 * @return {@code false} if the connection is about to be closed instead
	 */
	boolean markResponseRead() {
		return CONNECTION.compareAndSet(this, OPEN, READ) || this.connection == READ;
	}

	void recordRead() {
		LAST_READ.lazySet(this, DeadlineTimer.now());
	}

	/**
	 * Starts the content timeout of a stream.
	 */
	void startContentTimeout() {
		LAST_CONTENT.lazySet(this, DeadlineTimer.now());
		this.deadlines.scheduleIfEarlier(deadline());
	}

	/**
	 * Records new content.
	 * @param size the size of the retained content in bytes
	 * @throws GrokApiException if the size exceeds the limit
	 */
	void recordContent(long size) {
		LAST_CONTENT.lazySet(this, this.lastRead);
		if (size > this.settings.maxResponseSize().toBytes()) {
			throw responseTooLarge();
		}
	}

	GrokApiException responseTooLarge() {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN, "The response of xAI" + forModel() + " was stopped because it exceeded "
					+ this.settings.maxResponseSize().toBytes()
					+ " bytes. Set 'max-tokens' to limit the output, or increase 'grok.http.max-response-size'.")
			.code(GrokApiException.RESPONSE_TOO_LARGE)
			.status(this.status)
			.requestId(this.requestId)
			.retryable(false)
			.build();
	}

	/**
	 * Sets whether the model is writing its response, so that the idle timeout of streams
	 * applies instead of the read timeout.
	 */
	void setWriting(boolean writing) {
		this.readTimeout = DeadlineTimer
			.toNanos(writing ? this.settings.streamIdleTimeout() : this.request.readTimeout());
		this.writing = writing;
		this.deadlines.scheduleIfEarlier(deadline());
	}

	/**
	 * Sets whether the subscriber has no demand. Read and content timeouts are suspended
	 * meanwhile, because the server is not to blame.
	 */
	void setPaused(boolean paused) {
		if (this.paused != paused) {
			long now = DeadlineTimer.now();
			LAST_READ.lazySet(this, now);
			this.paused = paused;
			if (paused) {
				this.pausedAt = now;
			}
			else {
				this.pausedNanos += now - this.pausedAt;
				if (this.lastContent != DeadlineTimer.NEVER) {
					LAST_CONTENT.lazySet(this, this.lastRead);
				}
				this.deadlines.scheduleIfEarlier(deadline());
			}
		}
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		this.actual.onSubscribe(this);
		// After onSubscribe, because a timeout must not be signalled before it
		this.deadlines.add(this);
		if (this.phase == ENDED) {
			this.deadlines.remove(this);
		}
	}

	@Override
	public void onNext(T element) {
		if (this.phase != ENDED) {
			this.actual.onNext(element);
		}
	}

	@Override
	public void onError(Throwable failure) {
		int before = PHASE.getAndSet(this, ENDED);
		if (before != ENDED) {
			signalError(failure);
		}
		if (before == WAITING && this.settings.protocol() == HttpSettings.Protocol.H2) {
			this.deadlines.forEach((other) -> ((InFlightExchange<?>) other).failIfConnectTimedOut(failure));
		}
	}

	private void signalError(Throwable failure) {
		GrokApiException error = ErrorTranslator.fromFailure(failure, this.status, this.requestId,
				this.settings.baseUrl(), this.request.model(), this.request.echoFilter());
		finish(error.kind().name());
		this.observation.error(error);
		this.actual.onError(error);
	}

	// HTTP/2 opens one connection at a time. Without this, requests that wait for the
	// same connection would time out one after another.
	private void failIfConnectTimedOut(Throwable failure) {
		boolean timedOut = DeadlineTimer.now() - this.start >= DeadlineTimer.toNanos(this.settings.connectTimeout());
		if (timedOut && PHASE.compareAndSet(this, WAITING, ENDED)) {
			cancelUpstream();
			signalError(failure);
		}
	}

	@Override
	public void onComplete() {
		if (PHASE.getAndSet(this, ENDED) != ENDED) {
			finish("complete");
			this.observation.stop();
			this.actual.onComplete();
		}
	}

	@Override
	public void request(long n) {
		if (this.upstream != null) {
			this.upstream.request(n);
		}
	}

	@Override
	public void cancel() {
		int before = PHASE.getAndSet(this, ENDED);
		if (before != ENDED) {
			if (before != WAITING) {
				// The sending thread may not have recorded it yet
				markSent();
			}
			cancelUpstream();
			finish("cancelled");
			this.observation.cancel();
		}
	}

	@Override
	public long deadline() {
		int current = this.phase;
		if (current == WAITING || this.paused) {
			return this.end;
		}
		return Math.min(this.end, Math.min(this.lastRead + this.readTimeout, contentDeadline()));
	}

	private long contentDeadline() {
		long last = this.lastContent;
		return (last != DeadlineTimer.NEVER) ? last + DeadlineTimer.toNanos(this.settings.contentTimeout()) : last;
	}

	@Override
	public void expire(long now) {
		this.causedByApplication = isCausedByApplication(now);
		fail(ErrorKind.TIMEOUT, timeoutMessage(now));
	}

	@Override
	public void close() {
		fail(ErrorKind.CONNECTION, "The call to xAI" + forModel()
				+ " failed because its connection was closed. This happens when the application context closes.");
	}

	private boolean isCausedByApplication(long now) {
		boolean shorterTimeout = this.timeout.compareTo(this.settings.callTimeout()) < 0;
		boolean slowSubscriber = this.paused || 2 * this.pausedNanos > DeadlineTimer.toNanos(this.timeout);
		return now >= this.end && (shorterTimeout || slowSubscriber);
	}

	private String timeoutMessage(long now) {
		if (this.phase == WAITING) {
			return "No connection to xAI became available within " + this.timeout + ": all "
					+ this.settings.maxConnections()
					+ " connections are in use, or connecting takes too long. Increase 'grok.http.max-connections' or make"
					+ " fewer concurrent calls. If there are few calls, check the network.";
		}
		if (now >= this.end) {
			return "The call to xAI" + forModel() + " did not complete within " + this.timeout
					+ ((this.request.timeout() != null)
							? ". Increase 'timeout' in the options of the request, which takes precedence over "
							: ". Increase ")
					+ "'grok.http.call-timeout', or request less output.";
		}
		if (now >= contentDeadline() && now < this.lastRead + this.readTimeout) {
			return "The stream of xAI" + forModel()
					+ " delivered no text, reasoning, tool calls or server-side tool events for longer than "
					+ this.settings.contentTimeout()
					+ ". Increase 'grok.http.content-timeout' if the model may need more time.";
		}
		if (this.writing) {
			return "The response of xAI" + forModel() + " paused for longer than " + this.settings.streamIdleTimeout()
					+ ". Increase 'grok.http.stream-idle-timeout' if the model may pause for longer.";
		}
		return "xAI sent no data" + forModel() + " for longer than " + this.request.readTimeout()
				+ ". Increase 'grok.http.reasoning-read-timeout' (reasoning models) or 'grok.http.read-timeout' (others)"
				+ " if the model may need more time.";
	}

	private void fail(ErrorKind kind, String message) {
		int current = this.phase;
		if (current == ENDED) {
			return;
		}
		if (current != RESPONDING) {
			if (PHASE.compareAndSet(this, current, ENDED)) {
				terminate(kind, message, current != WAITING);
			}
			else {
				fail(kind, message);
			}
		}
		else if (this.loop == null || this.loop.inEventLoop()) {
			failResponse(kind, message);
		}
		else {
			try {
				this.loop.execute(() -> failResponse(kind, message));
			}
			catch (RejectedExecutionException ex) {
				// The loop has stopped, so no other signal can be emitted on it
				failResponse(kind, message);
			}
		}
	}

	private void failResponse(ErrorKind kind, String message) {
		if (PHASE.getAndSet(this, ENDED) != ENDED) {
			terminate(kind, message, true);
		}
	}

	private void terminate(ErrorKind kind, String message, boolean sent) {
		GrokApiException error = GrokApiException.builder(kind, message)
			.status(this.status)
			.requestId(this.requestId)
			.retryable(kind == ErrorKind.TIMEOUT)
			.sent(sent)
			// An unsent request has been waiting for a pooled connection
			.causedByApplication(kind == ErrorKind.TIMEOUT && (!sent || this.causedByApplication))
			.build();
		cancelUpstream();
		finish(kind.name());
		this.observation.error(error);
		this.actual.onError(error);
	}

	// Reactor Netty closes a cancelled connection in a later turn of its event loop
	// unless it has seen the end of the response. By then the connection may belong to
	// another exchange.
	private void cancelUpstream() {
		Subscription upstream = this.upstream;
		EventLoop loop = this.loop;
		if (upstream == null) {
			return;
		}
		if (CONNECTION.compareAndSet(this, OPEN, ABANDONED) || loop == null || loop.inEventLoop()) {
			upstream.cancel();
			return;
		}
		try {
			loop.execute(upstream::cancel);
		}
		catch (RejectedExecutionException ex) {
			// The loop has stopped, and its connections are closed
			upstream.cancel();
		}
	}

	private void finish(String outcome) {
		this.deadlines.remove(this);
		if (logger.isDebugEnabled()) {
			logger.debug(this.request.method() + " "
					+ LogSanitizer.toSingleLine(this.settings.baseUrl() + this.request.path(), 200) + forModel() + ": "
					+ outcome + ", status " + this.status + ", request id " + this.requestId + ", after "
					+ TimeUnit.NANOSECONDS.toMillis(DeadlineTimer.now() - this.start) + " ms");
		}
		this.body = null;
	}

	private String forModel() {
		return (this.request.model() != null) ? " for model '" + LogSanitizer.sanitize(this.request.model()) + "'" : "";
	}

}
