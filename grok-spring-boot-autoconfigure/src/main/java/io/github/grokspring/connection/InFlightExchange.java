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
 * One exchange under way: stands between the HTTP client and the subscriber, ends the
 * exchange when a deadline passes or the connection is closed, and makes sure that it
 * ends once.
 * <p>
 * Until an answer begins, whoever wins the change of {@link #phase} ends the exchange.
 * From then on everything happens on the event loop of its socket, so that a failure
 * cannot overtake an element that is being handed on.
 *
 * @param <T> the type of the elements
 */
final class InFlightExchange<T> implements CoreSubscriber<T>, Subscription, DeadlineTimer.Timed {

	private static final Log logger = LogFactory.getLog(ReactorXaiHttpClient.class);

	/** No request has been sent: waiting for a connection. */
	private static final int WAITING = 0;

	/** The request has been sent. */
	private static final int SENT = 1;

	/** Headers of an answer have come. */
	private static final int RESPONDING = 2;

	private static final int ENDED = 3;

	/** The response has not been read to its end. */
	private static final int OPEN = 0;

	/** All of the response has been read, so that the connection is given back. */
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

	/** {@code null} when it is no longer needed, so that it can be collected. */
	private volatile @Nullable ByteBuf body;

	private final Duration timeout;

	private final long start;

	private final long end;

	private final @Nullable SendState sendState;

	private volatile int phase = WAITING;

	private volatile int connection = OPEN;

	private volatile long lastRead;

	/**
	 * When content came for the last time, {@link DeadlineTimer#NEVER} if none is
	 * awaited.
	 */
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
	 * The request is about to be sent.
	 * @return its body, or {@code null} if there is none
	 */
	@Nullable ByteBuf takeBody() {
		LAST_READ.lazySet(this, DeadlineTimer.now());
		if (PHASE.compareAndSet(this, WAITING, SENT)) {
			markSent();
			this.deadlines.scheduleIfEarlier(deadline());
		}
		ByteBuf sending = this.body;
		this.body = null;
		return sending;
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
	 * The headers of the answer have come.
	 * @param loop the event loop of the socket
	 * @param status the status of the answer
	 * @param requestId the id under which xAI knows the request, or {@code null}
	 * @return whether the answer is still wanted
	 */
	boolean startResponse(EventLoop loop, int status, @Nullable String requestId) {
		this.loop = loop;
		this.status = status;
		this.requestId = requestId;
		AttemptContext attempt = this.request.attempt();
		if (attempt != null) {
			attempt.recordResponse(requestId);
		}
		this.observation.status(status);
		LAST_READ.lazySet(this, DeadlineTimer.now());
		return PHASE.compareAndSet(this, SENT, RESPONDING) || PHASE.compareAndSet(this, WAITING, RESPONDING);
	}

	/**
	 * The end of the response has come, and the connection is about to be given back.
	 * @return whether it may be, or is going to be closed
	 */
	boolean markResponseRead() {
		return CONNECTION.compareAndSet(this, OPEN, READ) || this.connection == READ;
	}

	/** Bytes have come. */
	void recordRead() {
		LAST_READ.lazySet(this, DeadlineTimer.now());
	}

	/** A stream has begun, which must bring content from time to time. */
	void startContentTimeout() {
		LAST_CONTENT.lazySet(this, DeadlineTimer.now());
		this.deadlines.scheduleIfEarlier(deadline());
	}

	/**
	 * Content has come.
	 * @param size how much of it is kept
	 * @throws GrokApiException if that is too much
	 */
	void recordContent(long size) {
		LAST_CONTENT.lazySet(this, this.lastRead);
		if (size > this.settings.maxResponseSize().toBytes()) {
			throw responseTooLarge();
		}
	}

	/**
	 * The failure of a response that is too large.
	 * @return the exception
	 */
	GrokApiException responseTooLarge() {
		return GrokApiException
			.builder(ErrorKind.STREAM_BROKEN,
					"The response of xAI" + forModel() + " was stopped because it became larger than "
							+ this.settings.maxResponseSize().toBytes()
							+ " bytes. Limit it with 'max-tokens', or raise 'grok.http.max-response-size'.")
			.code(GrokApiException.RESPONSE_TOO_LARGE)
			.status(this.status)
			.requestId(this.requestId)
			.retryable(false)
			.build();
	}

	/**
	 * The answer is being written from now on, or something else goes on that may take
	 * its time.
	 * @param writing whether it is being written
	 */
	void setWriting(boolean writing) {
		this.readTimeout = DeadlineTimer
			.toNanos(writing ? this.settings.streamIdleTimeout() : this.request.readTimeout());
		this.writing = writing;
		this.deadlines.scheduleIfEarlier(deadline());
	}

	/**
	 * Whether the subscriber has asked for nothing: the server is not to blame then.
	 * @param paused whether nothing is asked for
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
		// Not sooner, because whatever ends it must not come before the subscription
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
			failed(failure);
		}
		if (before == WAITING && this.settings.protocol() == HttpSettings.Protocol.H2) {
			this.deadlines.forEach((other) -> ((InFlightExchange<?>) other).failIfConnectTimedOut(failure));
		}
	}

	private void failed(Throwable failure) {
		GrokApiException error = ErrorTranslator.fromFailure(failure, this.status, this.requestId,
				this.settings.baseUrl(), this.request.model(), this.request.echoFilter());
		finish(error.kind().name());
		this.observation.error(error);
		this.actual.onError(error);
	}

	// Over HTTP/2 one connection is made at a time. Requests that have waited for it as
	// long as it may take would otherwise wait as long again for each request before
	// them.
	private void failIfConnectTimedOut(Throwable failure) {
		boolean late = DeadlineTimer.now() - this.start >= DeadlineTimer.toNanos(this.settings.connectTimeout());
		if (late && PHASE.compareAndSet(this, WAITING, ENDED)) {
			cancelUpstream();
			failed(failure);
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
				// The thread that sends may not have come to it
				markSent();
			}
			cancelUpstream();
			finish("cancelled");
			this.observation.cancelled();
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
				+ " was ended because its connection was closed, which happens when the application context closes.");
	}

	// A shorter timeout of the caller, or a subscriber that took most of the time
	private boolean isCausedByApplication(long now) {
		boolean impatient = this.timeout.compareTo(this.settings.callTimeout()) < 0;
		boolean slow = this.paused || 2 * this.pausedNanos > DeadlineTimer.toNanos(this.timeout);
		return now >= this.end && (impatient || slow);
	}

	private String timeoutMessage(long now) {
		if (this.phase == WAITING) {
			return "No connection to xAI could be had within " + this.timeout + ": all "
					+ this.settings.maxConnections()
					+ " are in use, or it takes longer to make one. Raise 'grok.http.max-connections' or make fewer"
					+ " calls at once; with few calls, check the network.";
		}
		if (now >= this.end) {
			return "The call to xAI" + forModel() + " was not complete within " + this.timeout
					+ ((this.request.timeout() != null)
							? ". Raise 'timeout' in the options of the request, which goes before " : ". Raise ")
					+ "'grok.http.call-timeout', or ask for less.";
		}
		if (now >= contentDeadline() && now < this.lastRead + this.readTimeout) {
			return "The stream of xAI" + forModel()
					+ " brought neither text nor reasoning, tool calls or server-side tool events for longer than "
					+ this.settings.contentTimeout()
					+ ". Raise 'grok.http.content-timeout' if the model may take that long.";
		}
		if (this.writing) {
			return "The answer of xAI" + forModel() + " paused for longer than " + this.settings.streamIdleTimeout()
					+ ". Raise 'grok.http.stream-idle-timeout' if the model may pause that long.";
		}
		return "xAI stayed silent" + forModel() + " for longer than " + this.request.readTimeout()
				+ ". Raise 'grok.http.reasoning-read-timeout' (reasoning models) or 'grok.http.read-timeout' (others)"
				+ " if the model may take that long.";
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
			failAnswer(kind, message);
		}
		else {
			try {
				this.loop.execute(() -> failAnswer(kind, message));
			}
			catch (RejectedExecutionException ex) {
				// The loop has stopped, so nothing else can happen on it.
				failAnswer(kind, message);
			}
		}
	}

	private void failAnswer(ErrorKind kind, String message) {
		if (PHASE.getAndSet(this, ENDED) != ENDED) {
			terminate(kind, message, true);
		}
	}

	private void terminate(ErrorKind kind, String message, boolean sent) {
		GrokApiException error = GrokApiException.builder(kind, message)
			.status(this.status)
			.requestId(this.requestId)
			// what is closed stays closed
			.retryable(kind == ErrorKind.TIMEOUT)
			.sent(sent)
			// what is not sent yet waits for a connection of the pool
			.causedByApplication(kind == ErrorKind.TIMEOUT && (!sent || this.causedByApplication))
			.build();
		cancelUpstream();
		finish(kind.name());
		this.observation.error(error);
		this.actual.onError(error);
	}

	// Reactor Netty closes the connection in a later turn of its event loop, when it may
	// be that of another exchange, unless it has seen the end of the response before.
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
			// The loop has stopped, and its connections are closed.
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
