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
 * Reads the body of a streamed answer: bytes become events, events go to the decoder, and
 * what the decoder makes of them goes to the subscriber as it asks for it. Everything but
 * {@link #request} and {@link #cancel} happens on the event loop of the socket.
 * <p>
 * What arrives in one turn of the event loop is decoded before anything of it is handed
 * on, and nothing is handed over by the decoder while the subscriber asks for nothing, so
 * a decoder can hand on as one element what came together. Little is read ahead of
 * demand: then the socket is not read, and the server has to wait.
 * <p>
 * The connection can be used again only when the body was read to its end. An end that
 * the events announce is therefore passed on at once, while the few bytes that follow are
 * awaited for a moment.
 *
 * @param <T> the type of the elements
 */
final class EventReader<T> extends Flux<T>
		implements CoreSubscriber<Object>, Subscription, Runnable, SseParser.Listener {

	/** How long the end of a body may follow the announcement of it. */
	private static final long LINGER_MILLIS = 2_000;

	/** How many pieces of the body may be asked for at once. */
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

	private boolean fed;

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
			broken(ex);
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
				broken(ex);
			}
		}
		// The connection goes back to the pool when this signal returns. Whoever acts on
		// the
		// end of the answer, by asking again perhaps, finds it there a turn later.
		schedule();
	}

	@Override
	public void onEvent(@Nullable String event, byte[] buffer, int offset, int length) {
		if (!this.announcedEnd) {
			this.fed = true;
			this.decoder.onEvent(event, buffer, offset, length);
			this.announcedEnd = this.decoder.isEnded();
		}
	}

	@Override
	public void onDone() {
		if (!this.announcedEnd) {
			this.fed = true;
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
			// The loop stops when the connection is closed, which fails the exchange.
			this.cancelled = true;
		}
	}

	private void drain() {
		if (this.emitting || this.finished || this.actual == null) {
			return;
		}
		this.emitting = true;
		try {
			while (!this.cancelled && emit(this.actual) && more()) {
				// Elements go out until there are none, or none are wanted.
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
				pull();
			}
		}
	}

	/**
	 * Hand on what is ready.
	 * @param actual the subscriber
	 * @return whether nothing is left of it
	 */
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

	/**
	 * Ask the decoder for more.
	 * @return whether it was asked
	 */
	private boolean more() {
		boolean ended = this.bodyEnded || this.announcedEnd || this.failure != null;
		try {
			if (this.fed && (this.requested > 0 || ended)) {
				this.fed = false;
				take(this.decoder.drain());
				return true;
			}
			if (ended && this.failure == null && !this.decoderCompleted) {
				this.decoderCompleted = true;
				take(this.decoder.complete());
				return true;
			}
		}
		catch (Throwable ex) {
			broken(ex);
			return true;
		}
		return false;
	}

	private void take(List<T> elements) {
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
			linger();
		}
	}

	private void broken(Throwable failure) {
		if (this.failure == null) {
			this.failure = failure;
		}
		if (!this.bodyEnded && this.upstream != null) {
			this.upstream.cancel();
		}
	}

	private void pull() {
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

	private void linger() {
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
