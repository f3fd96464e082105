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
 * Reads the body of an answer as a whole, up to a limit, and makes one element of it.
 * Everything but {@link #cancel} happens on the event loop of the socket.
 *
 * @param <T> the type of the element
 */
final class BodyReader<T> extends Flux<T> implements CoreSubscriber<Object>, Subscription {

	private static final byte[] NOTHING = new byte[0];

	private static final int MAX_FIRST_SIZE = 1024 * 1024;

	private final Flux<?> body;

	private final EventLoop loop;

	private final InFlightExchange<T> exchange;

	private final int limit;

	private final boolean cut;

	private final Function<byte[], T> element;

	private @Nullable CoreSubscriber<? super T> actual;

	private @Nullable Subscription upstream;

	private byte[] bytes = NOTHING;

	private int length;

	private boolean ended;

	/**
	 * Create a reader.
	 * @param body the body
	 * @param loop the event loop of the socket
	 * @param exchange the exchange it belongs to
	 * @param expected the announced length, or a negative number
	 * @param limit how many bytes are read at most
	 * @param cut whether a longer body is cut off there; it is a failure otherwise
	 * @param element makes the element, or throws the failure that the body means
	 */
	BodyReader(Flux<?> body, EventLoop loop, InFlightExchange<T> exchange, int expected, int limit, boolean cut,
			Function<byte[], T> element) {
		this.body = body;
		this.loop = loop;
		this.exchange = exchange;
		this.limit = limit;
		this.cut = cut;
		this.element = element;
		if (expected > 0) {
			// What a server announces need not come.
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
	public void onNext(Object piece) {
		if (this.ended) {
			return;
		}
		this.exchange.recordRead();
		ByteBuf content = (piece instanceof ByteBuf buffer) ? buffer : ((ByteBufHolder) piece).content();
		int more = Math.min(content.readableBytes(), this.limit - this.length);
		if (this.length + more > this.bytes.length) {
			int size = (int) Math.min(this.limit,
					Math.max(this.length + more, Math.max(1024L, this.bytes.length * 2L)));
			this.bytes = Arrays.copyOf(this.bytes, size);
		}
		content.readBytes(this.bytes, this.length, more);
		this.length += more;
		if (content.isReadable()) {
			this.ended = true;
			cancel();
			if (this.cut) {
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
			// The connection goes back to the pool when this signal returns. Whoever acts
			// on the answer, by asking again perhaps, finds it there a turn later.
			this.loop.execute(this::end);
		}
	}

	@Override
	public void request(long n) {
		// There is one element at most, and its subscriber asks for all there is.
	}

	@Override
	public void cancel() {
		if (this.upstream != null) {
			this.upstream.cancel();
		}
	}

	private void end() {
		byte[] whole = (this.length == this.bytes.length) ? this.bytes : Arrays.copyOf(this.bytes, this.length);
		T made;
		try {
			made = this.element.apply(whole);
		}
		catch (Throwable ex) {
			fail(ex);
			return;
		}
		if (this.actual != null) {
			this.actual.onNext(made);
			this.actual.onComplete();
		}
	}

	private void fail(Throwable failure) {
		if (this.actual != null) {
			this.actual.onError(failure);
		}
	}

}
