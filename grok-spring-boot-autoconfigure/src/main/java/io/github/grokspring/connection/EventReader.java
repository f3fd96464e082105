package io.github.grokspring.connection;

import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Operators;

/**
 * Reads the body of a streamed response: parses events, passes them to the decoder and
 * emits its elements on demand. Runs on the event loop of the socket, except for
 * {@link #request} and {@link #cancel}.
 * <p>
 * Data received in one turn of the event loop is decoded before elements are emitted, and
 * the decoder is not drained while there is no demand, so that it can combine events.
 * Without demand the socket is not read, which slows down the server.
 * <p>
 * A connection can be reused only if its body was read to the end. The end that an event
 * announces is signalled immediately, and the rest of the body is awaited for a short
 * time.
 *
 * @param <T> the type of the elements
 */
final class EventReader<T> extends Flux<T>
		implements CoreSubscriber<Object>, Subscription, Runnable, SseParser.Listener {

	/** Maximum time between the announced end and the end of the body. */
	private static final long LINGER_MILLIS = 2_000;

	private static final int BATCH = 32;

	@SuppressWarnings("rawtypes")
	private static final AtomicLongFieldUpdater<EventReader> REQUESTED = AtomicLongFieldUpdater
		.newUpdater(EventReader.class, "requested");

	private final Flux<?> body;

	private final EventLoop loop;

	private final InFlightExchange<T> exchange;

	private final EventDecoder<T> decoder;

	private final SseParser parser = new SseParser(this);

	private volatile long requested;

	private volatile boolean cancelled;

	private @Nullable CoreSubscriber<? super T> actual;

	private @Nullable Subscription upstream;

	private List<T> ready = List.of();

	private int next;

	private int outstanding;

	private boolean unbounded;

	private boolean scheduled;

	private boolean emitting;

	private boolean undrained;

	private boolean writing;

	private boolean bodyEnded;

	private boolean announcedEnd;

	private boolean decoderCompleted;

	private boolean finished;

	private long size;

	private @Nullable Throwable failure;

	EventReader(Flux<?> body, EventLoop loop, InFlightExchange<T> exchange, EventDecoder<T> decoder) {
		this.body = body;
		this.loop = loop;
		this.exchange = exchange;
		this.decoder = decoder;
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		this.actual = actual;
		this.body.subscribe(this);
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		this.exchange.startContentTimeout();
		if (this.actual != null) {
			this.actual.onSubscribe(this);
		}
		drain();
	}

	@Override
	public void onNext(Object piece) {
		this.outstanding--;
		if (this.finished || this.cancelled || this.announcedEnd || this.failure != null) {
			return;
		}
		this.exchange.recordRead();
		try {
			this.parser.feed((piece instanceof ByteBuf bytes) ? bytes : ((ByteBufHolder) piece).content());
			long size = this.decoder.contentSize();
			if (size != this.size) {
				this.size = size;
				this.exchange.recordContent(size);
			}
			if (this.writing != this.decoder.isWriting()) {
				this.writing = !this.writing;
				this.exchange.setWriting(this.writing);
			}
		}
		catch (Throwable ex) {
			fail(ex);
		}
		schedule();
	}

	@Override
	public void onError(Throwable failure) {
		this.bodyEnded = true;
		if (!this.announcedEnd && this.failure == null) {
			this.failure = failure;
		}
		drain();
	}

	@Override
	public void onComplete() {
		this.bodyEnded = true;
		if (!this.announcedEnd && this.failure == null) {
			try {
				this.parser.end();
			}
			catch (Throwable ex) {
				fail(ex);
			}
		}
		// The connection returns to the pool when this method returns, and must be
		// available to a subscriber that sends the next request on completion
		schedule();
	}

	@Override
	public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
		if (!this.announcedEnd) {
			this.undrained = true;
			this.decoder.onEvent(event, buffer, offset, length);
			this.announcedEnd = this.decoder.isEnded();
		}
	}

	@Override
	public void onDone() {
		if (!this.announcedEnd) {
			this.undrained = true;
			this.announcedEnd = true;
			this.decoder.onDone();
		}
	}

	@Override
	public void request(long n) {
		if (Operators.validate(n) && Operators.addCap(REQUESTED, this, n) == 0) {
			if (this.loop.inEventLoop()) {
				drain();
			}
			else {
				runOnLoop();
			}
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		if (this.upstream != null) {
			this.upstream.cancel();
		}
	}

	@Override
	public void run() {
		this.scheduled = false;
		drain();
	}

	private void schedule() {
		if (!this.scheduled) {
			this.scheduled = true;
			this.loop.execute(this);
		}
	}

	private void runOnLoop() {
		try {
			this.loop.execute(this);
		}
		catch (RejectedExecutionException ex) {
			// The loop has stopped because the connection was closed, which fails the
			// exchange
			this.cancelled = true;
		}
	}

	private void drain() {
		if (this.emitting || this.finished || this.actual == null) {
			return;
		}
		this.emitting = true;
		try {
			while (!this.cancelled && emit(this.actual) && drainDecoder()) {
				// Emits until there are no elements or no demand
			}
			if (!this.cancelled && !this.finished) {
				end(this.actual);
			}
		}
		finally {
			this.emitting = false;
		}
		if (!this.cancelled && !this.finished) {
			boolean paused = this.requested == 0;
			this.exchange.setPaused(paused);
			if (!paused) {
				requestMore();
			}
		}
	}

	// Returns whether all elements were emitted
	private boolean emit(CoreSubscriber<? super T> actual) {
		while (this.next < this.ready.size()) {
			if (this.cancelled || this.requested == 0) {
				return false;
			}
			T element = this.ready.get(this.next++);
			Operators.produced(REQUESTED, this, 1);
			actual.onNext(element);
		}
		return true;
	}

	// Returns whether the decoder was drained
	private boolean drainDecoder() {
		boolean ended = this.bodyEnded || this.announcedEnd || this.failure != null;
		try {
			if (this.undrained && (this.requested > 0 || ended)) {
				this.undrained = false;
				setReady(this.decoder.drain());
				return true;
			}
			if (ended && this.failure == null && !this.decoderCompleted) {
				this.decoderCompleted = true;
				setReady(this.decoder.complete());
				return true;
			}
		}
		catch (Throwable ex) {
			fail(ex);
			return true;
		}
		return false;
	}

	private void setReady(List<T> elements) {
		this.ready = elements;
		this.next = 0;
	}

	private void end(CoreSubscriber<? super T> actual) {
		if (this.next < this.ready.size()) {
			return;
		}
		if (this.failure != null) {
			this.finished = true;
			actual.onError(this.failure);
		}
		else if (this.decoderCompleted) {
			this.finished = true;
			actual.onComplete();
			awaitEndOfBody();
		}
	}

	private void fail(Throwable failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
		if (!this.bodyEnded && this.upstream != null) {
			this.upstream.cancel();
		}
	}

	private void requestMore() {
		if (this.upstream == null || this.bodyEnded || this.failure != null || this.unbounded) {
			return;
		}
		if (this.requested == Long.MAX_VALUE) {
			this.unbounded = true;
			this.upstream.request(Long.MAX_VALUE);
		}
		else if (this.outstanding < BATCH / 2) {
			int n = BATCH - this.outstanding;
			this.outstanding = BATCH;
			this.upstream.request(n);
		}
	}

	private void awaitEndOfBody() {
		Subscription rest = this.upstream;
		if (this.bodyEnded || rest == null) {
			return;
		}
		if (!this.unbounded) {
			this.unbounded = true;
			rest.request(Long.MAX_VALUE);
		}
		if (!this.bodyEnded) {
			this.loop.schedule(() -> {
				if (!this.bodyEnded) {
					rest.cancel();
				}
			}, LINGER_MILLIS, TimeUnit.MILLISECONDS);
		}
	}

}
