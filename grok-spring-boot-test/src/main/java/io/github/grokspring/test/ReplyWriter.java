package io.github.grokspring.test;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import io.github.grokspring.test.HttpReply.Ending;
import io.github.grokspring.test.HttpReply.Header;
import io.github.grokspring.test.HttpReply.Step;
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
 * Sends an {@link HttpReply} on the event loop of the connection, without blocking a
 * thread.
 */
final class ReplyWriter {

	/**
	 * Delay before a disconnect, so that clients can read the data sent so far.
	 */
	private static final Duration DISCONNECT_DELAY = Duration.ofMillis(50);

	private final HttpServerResponse response;

	private final Channel channel;

	private final HttpReply httpReply;

	private volatile boolean allSent;

	private volatile boolean disconnected;

	ReplyWriter(HttpServerResponse response, Channel channel, HttpReply httpReply) {
		this.response = response;
		this.channel = channel;
		this.httpReply = httpReply;
	}

	Mono<Void> send() {
		this.httpReply.informational().forEach(this::sendInformational);
		Duration delay = this.httpReply.beforeHeaders();
		return delay.isZero() ? respond() : pause(delay).then(Mono.defer(this::respond));
	}

	/**
	 * Returns whether the client aborted the exchange. Reactor Netty completes an aborted
	 * stream without error, so this also checks what was sent.
	 */
	boolean isAborted(SignalType signal) {
		if (this.disconnected) {
			return false;
		}
		boolean all = this.httpReply.steps() == null || this.allSent;
		return signal != SignalType.ON_COMPLETE || !all;
	}

	/**
	 * Sends an informational response. Reactor Netty supports status 100 only.
	 */
	private void sendInformational(int status) {
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
		if (this.httpReply.status() == 0) {
			disconnect();
			return Mono.never();
		}
		this.response.status(this.httpReply.status());
		HttpHeaders headers = this.response.responseHeaders();
		if (this.httpReply.contentType() != null) {
			headers.set(HttpHeaderNames.CONTENT_TYPE, this.httpReply.contentType());
		}
		for (Header header : this.httpReply.headers()) {
			headers.add(header.name(), header.value());
		}
		byte[] body = this.httpReply.body();
		if (body != null) {
			headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
		}
		Duration delay = this.httpReply.afterHeaders();
		if (delay.isZero()) {
			return body();
		}
		return this.response.sendHeaders().then().then(pause(delay)).then(Mono.defer(this::body));
	}

	private Mono<Void> body() {
		byte[] body = this.httpReply.body();
		if (body != null) {
			Mono<ByteBuf> whole = Mono.fromSupplier(() -> Unpooled.wrappedBuffer(body));
			// A Mono is sent in one message with the headers, unless they were sent
			// before
			return this.response.send(this.response.hasSentHeaders() ? whole.flux() : whole).then();
		}
		Iterator<Step> steps = this.httpReply.steps();
		if (steps == null) {
			return this.response.send();
		}
		return this.response.send(Flux.<ByteBuf>create((sink) -> new StepPublisher(steps, sink).start())).then();
	}

	private Mono<Void> pause(Duration duration) {
		return Mono.create((sink) -> {
			Future<?> timer = this.channel.eventLoop()
				.schedule((Runnable) sink::success, duration.toNanos(), TimeUnit.NANOSECONDS);
			sink.onDispose(() -> timer.cancel(false));
		});
	}

	private void disconnect() {
		this.disconnected = true;
		Channel connection = (this.channel.parent() != null && !(this.channel instanceof SocketChannel))
				? this.channel.parent() : this.channel;
		if (this.httpReply.ending() == Ending.RESET) {
			connection.config().setOption(ChannelOption.SO_LINGER, 0);
		}
		// Bypasses the handlers, which would complete the body or send a GOAWAY first
		connection.unsafe().close(connection.voidPromise());
	}

	/**
	 * Publishes steps with their delays, respecting demand.
	 */
	private final class StepPublisher implements Runnable {

		private final Iterator<Step> steps;

		private final FluxSink<ByteBuf> sink;

		private long due = System.nanoTime();

		private @Nullable Step waiting;

		private @Nullable Future<?> timer;

		private boolean finished;

		StepPublisher(Iterator<Step> steps, FluxSink<ByteBuf> sink) {
			this.steps = steps;
			this.sink = sink;
		}

		void start() {
			this.sink.onDispose(() -> ReplyWriter.this.channel.eventLoop().execute(this::stop));
			this.sink.onRequest((demand) -> ReplyWriter.this.channel.eventLoop().execute(this));
		}

		@Override
		public void run() {
			while (!this.finished && this.timer == null) {
				Step step = nextStep();
				if (step == null) {
					finish();
					return;
				}
				if (this.sink.requestedFromDownstream() == 0) {
					return;
				}
				long wait = this.due - System.nanoTime();
				if (wait > 0) {
					scheduleAfter(wait);
					return;
				}
				this.waiting = null;
				this.sink.next(Unpooled.wrappedBuffer(step.bytes()));
			}
		}

		private @Nullable Step nextStep() {
			if (this.waiting == null && this.steps.hasNext()) {
				this.waiting = this.steps.next();
				this.due += this.waiting.delayNanos();
			}
			return this.waiting;
		}

		private void finish() {
			this.finished = true;
			if (ReplyWriter.this.httpReply.ending() == Ending.COMPLETE) {
				ReplyWriter.this.allSent = true;
				this.sink.complete();
				return;
			}
			ReplyWriter.this.channel.eventLoop()
				.schedule(ReplyWriter.this::disconnect, DISCONNECT_DELAY.toMillis(), TimeUnit.MILLISECONDS);
		}

		private void scheduleAfter(long nanos) {
			this.timer = ReplyWriter.this.channel.eventLoop().schedule(() -> {
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
