package io.github.grokspring.connection;

import java.util.Arrays;
import java.util.function.Function;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufHolder;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;
import org.reactivestreams.Subscription;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Flux;

/**
 * Reads the complete body of a response up to a limit and maps it to one element. Runs on
 * the event loop of the socket, except for {@link #cancel}.
 *
 * @param <T> the type of the element
 */
final class BodyReader<T> extends Flux<T> implements CoreSubscriber<Object>, Subscription {

	private static final byte[] EMPTY = new byte[0];

	private static final int MAX_FIRST_SIZE = 1024 * 1024;

	private final Flux<?> body;

	private final EventLoop loop;

	private final InFlightExchange<T> exchange;

	private final int limit;

	private final boolean truncate;

	private final Function<byte[], T> mapper;

	private @Nullable CoreSubscriber<? super T> actual;

	private @Nullable Subscription upstream;

	private byte[] bytes = EMPTY;

	private int length;

	private boolean ended;

	/**
	 * Creates a reader.
	 * @param expected the announced length, or a negative number
	 * @param limit the maximum number of bytes
	 * @param truncate whether to truncate a longer body instead of failing
	 * @param mapper creates the element, or throws an exception for an error
	 */
	BodyReader(Flux<?> body, EventLoop loop, InFlightExchange<T> exchange, int expected, int limit, boolean truncate,
			Function<byte[], T> mapper) {
		this.body = body;
		this.loop = loop;
		this.exchange = exchange;
		this.limit = limit;
		this.truncate = truncate;
		this.mapper = mapper;
		if (expected > 0) {
			// The announced length may be wrong
			this.bytes = new byte[Math.min(Math.min(expected, limit), MAX_FIRST_SIZE)];
		}
	}

	@Override
	public void subscribe(CoreSubscriber<? super T> actual) {
		this.actual = actual;
		this.body.subscribe(this);
	}

	@Override
	public void onSubscribe(Subscription subscription) {
		this.upstream = subscription;
		if (this.actual != null) {
			this.actual.onSubscribe(this);
		}
		subscription.request(Long.MAX_VALUE);
	}

	@Override
	public void onNext(Object chunk) {
		if (this.ended) {
			return;
		}
		this.exchange.recordRead();
		ByteBuf content = (chunk instanceof ByteBuf buffer) ? buffer : ((ByteBufHolder) chunk).content();
		int count = Math.min(content.readableBytes(), this.limit - this.length);
		if (this.length + count > this.bytes.length) {
			int size = (int) Math.min(this.limit,
					Math.max(this.length + count, Math.max(1024L, this.bytes.length * 2L)));
			this.bytes = Arrays.copyOf(this.bytes, size);
		}
		content.readBytes(this.bytes, this.length, count);
		this.length += count;
		if (content.isReadable()) {
			this.ended = true;
			cancel();
			if (this.truncate) {
				end();
			}
			else {
				fail(this.exchange.responseTooLarge());
			}
		}
	}

	@Override
	public void onError(Throwable failure) {
		if (!this.ended) {
			this.ended = true;
			fail(failure);
		}
	}

	@Override
	public void onComplete() {
		if (!this.ended) {
			this.ended = true;
			// The connection returns to the pool when this method returns, and must be
			// available to a subscriber that sends the next request on completion
			this.loop.execute(this::end);
		}
	}

	@Override
	public void request(long n) {
		// There is at most one element, and the subscriber has unbounded demand
	}

	@Override
	public void cancel() {
		if (this.upstream != null) {
			this.upstream.cancel();
		}
	}

	private void end() {
		byte[] whole = (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
		T element;
		try {
			element = this.mapper.apply(whole);
		}
		catch (Throwable ex) {
			fail(ex);
			return;
		}
		if (this.actual != null) {
			this.actual.onNext(element);
			this.actual.onComplete();
		}
	}

	private void fail(Throwable failure) {
		if (this.actual != null) {
			this.actual.onError(failure);
		}
	}

}
