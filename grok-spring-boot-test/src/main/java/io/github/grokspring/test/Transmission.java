package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.test.Outgoing.Ending;
import io.github.grokspring.test.Outgoing.Header;
import io.github.grokspring.test.Outgoing.Step;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import org.jspecify.annotations.Nullable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.FluxSink;
import reactor.core.publisher.Mono;
import reactor.core.publisher.SignalType;
import reactor.netty.http.server.HttpServerResponse;

/**
 * Sends one {@link Outgoing} over its connection, on the event loop of that connection:
 * no thread waits while a stream does.
 */
final class Transmission {

	/**
	 * What was sent shall be read before the connection breaks.
	 */
	private static final Duration BEFORE_BREAKING = Duration.ofMillis(50);

	private final HttpServerResponse response;

	private final Channel channel;

	private final Outgoing outgoing;

	private volatile boolean allSent;

	private volatile boolean broken;

	Transmission(HttpServerResponse response, Channel channel, Outgoing outgoing) {
		this.response = response;
		this.channel = channel;
		this.outgoing = outgoing;
	}

	Mono<Void> send() {
		this.outgoing.informational().forEach(this::inform);
		Duration silence = this.outgoing.beforeHeaders();
		return silence.isZero() ? respond() : pause(silence).then(Mono.defer(this::respond));
	}

	/**
	 * Whether the client went before the end. A stream cut off by its client completes
	 * without error in Reactor Netty, hence the look at what was sent.
	 * @param signal how sending ended
	 * @return {@code false} if all was sent or the double itself broke the connection
	 */
	boolean givenUp(SignalType signal) {
		if (this.broken) {
			return false;
		}
		boolean all = this.outgoing.steps() == null || this.allSent;
		return signal != SignalType.ON_COMPLETE || !all;
	}

	/**
	 * Sends an informational response past Reactor Netty, which knows only 100.
	 * @param status its status
	 */
	private void inform(int status) {
		HttpResponseStatus known = HttpResponseStatus.valueOf(status);
		ChannelHandlerContext codec = this.channel.pipeline().context(HttpServerCodec.class);
		if (codec == null) {
			this.channel.writeAndFlush(
					new DefaultHttp2HeadersFrame(new DefaultHttp2Headers().status(known.codeAsText()), false));
			return;
		}
		codec.writeAndFlush(Unpooled.copiedBuffer("HTTP/1.1 " + known + "\r\n\r\n", StandardCharsets.US_ASCII));
	}

	private Mono<Void> respond() {
		if (this.outgoing.status() == 0) {
			disconnect();
			return Mono.never();
		}
		this.response.status(this.outgoing.status());
		HttpHeaders headers = this.response.responseHeaders();
		if (this.outgoing.contentType() != null) {
			headers.set(HttpHeaderNames.CONTENT_TYPE, this.outgoing.contentType());
		}
		for (Header header : this.outgoing.headers()) {
			headers.add(header.name(), header.value());
		}
		byte[] body = this.outgoing.body();
		if (body != null) {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
		}
		Duration silence = this.outgoing.afterHeaders();
		if (silence.isZero()) {
			return body();
		}
		return this.response.sendHeaders().then().then(pause(silence)).then(Mono.defer(this::body));
	}

	private Mono<Void> body() {
		byte[] body = this.outgoing.body();
		if (body != null) {
			Mono<ByteBuf> whole = Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body));
			// A Mono goes out in one message with the headers: not once they are gone.
			return this.response.send(this.response.hasSentHeaders() ? whole.flux() : whole).then();
		}
		Iterator<Step> steps = this.outgoing.steps();
		if (steps == null) {
			return this.response.send();
		}
		return this.response.send(Flux.<ByteBuf>create((sink) -> new Pump(steps, sink).start())).then();
	}

	private Mono<Void> pause(Duration duration) {
		return Mono.create((sink) -> {
			Future<?> timer = this.channel.eventLoop()
				.schedule((Runnable) sink::success, duration.toNanos(), TimeUnit.NANOSECONDS);
			sink.onDispose(() -> timer.cancel(false));
		});
	}

	private void disconnect() {
		this.broken = true;
		Channel connection = (this.channel.parent() != null && !(this.channel instanceof SocketChannel))
				? this.channel.parent() : this.channel;
		if (this.outgoing.ending() == Ending.RESET) {
			connection.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		// Past the handlers, which would end the body properly or say goodbye first.
		connection.unsafe().close(connection.voidPromise());
	}

	/**
	 * Feeds steps into the outbound, each at its time and never more than is asked for.
	 */
	private final class Pump implements Runnable {

		private final Iterator<Step> steps;

		private final FluxSink<ByteBuf> sink;

		private long due = System.nanoTime();

		private @Nullable Step waiting;

		private @Nullable Future<?> timer;

		private boolean finished;

		Pump(Iterator<Step> steps, FluxSink<ByteBuf> sink) {
			this.steps = steps;
			this.sink = sink;
		}

		void start() {
			this.sink.onDispose(() -> Transmission.this.channel.eventLoop().execute(this::stop));
			this.sink.onRequest((demand) -> Transmission.this.channel.eventLoop().execute(this));
		}

		@Override
		public void run() {
			while (!this.finished && this.timer == null) {
				Step step = upcoming();
				if (step == null) {
					finish();
					return;
				}
				if (this.sink.requestedFromDownstream() == 0) {
					return;
				}
				long wait = this.due - System.nanoTime();
				if (wait > 0) {
					wakeUpIn(wait);
					return;
				}
				this.waiting = null;
				this.sink.next(Unpooled.wrappedBuffer(step.bytes()));
			}
		}

		private @Nullable Step upcoming() {
			if (this.waiting == null && this.steps.hasNext()) {
				this.waiting = this.steps.next();
				this.due += this.waiting.delayNanos();
			}
			return this.waiting;
		}

		private void finish() {
			this.finished = true;
			if (Transmission.this.outgoing.ending() == Ending.COMPLETE) {
				Transmission.this.allSent = true;
				this.sink.complete();
				return;
			}
			Transmission.this.channel.eventLoop()
				.schedule(Transmission.this::disconnect, BEFORE_BREAKING.toMillis(), TimeUnit.MILLISECONDS);
		}

		private void wakeUpIn(long nanos) {
			this.timer = Transmission.this.channel.eventLoop().schedule(() -> {
				this.timer = null;
				run();
			}, nanos, TimeUnit.NANOSECONDS);
		}

		private void stop() {
			this.finished = true;
			if (this.timer != null) {
				this.timer.cancel(false);
			}
		}

	}

}
