package io.github.grokspring.connection;

import java.io.IOException;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandler;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.DecoderResultProvider;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

/**
 * Makes sure that a request receives its own response and no other. A connection goes
 * back to the pool only when the end of the final response has been read and nothing
 * stands behind it; whatever else ends an exchange closes its connection.
 * <p>
 * Reactor Netty gives a connection back at the end of the first response that is not
 * {@code 100 Continue}. Therefore informational responses (1xx) are dropped here, with
 * their ends. {@code 101 Switching Protocols}, which is never asked for, is passed on,
 * and fails the exchange.
 * <p>
 * Over HTTP/1.1 the end of a response is held back until everything that was received
 * with it has been decoded. What the server sends behind the end, or while no request is
 * under way, closes the connection before another request can be sent on it.
 */
final class ResponseBoundary extends ChannelDuplexHandler {

	private static final String NAME = "grok.responseBoundary";

	/**
	 * Between two responses the decoder skips line breaks. Where it has kept the
	 * beginning of something, they complete it.
	 */
	private static final ByteBuf LINE_BREAKS = Unpooled
		.unreleasableBuffer(Unpooled.directBuffer(4).writeBytes("\r\n\r\n".getBytes(CharsetUtil.US_ASCII)))
		.asReadOnly();

	/** The codec of HTTP/1.1, {@code null} on a stream of HTTP/2. */
	private final @Nullable ChannelHandlerContext codec;

	/** Of this connection alone, because reading moves its index. */
	private final ByteBuf lineBreaks = LINE_BREAKS.duplicate();

	private @Nullable InFlightExchange<?> exchange;

	private boolean awaiting;

	private boolean informational;

	private boolean broken;

	private @Nullable LastHttpContent end;

	private ResponseBoundary(@Nullable ChannelHandlerContext codec) {
		this.codec = codec;
	}

	/**
	 * Add the handler to a connection, unless it has one.
	 * @param connection the connection of a request that is about to be sent
	 * @param exchange the exchange of the request
	 */
	static void addTo(Connection connection, InFlightExchange<?> exchange) {
		ChannelPipeline pipeline = connection.channel().pipeline();
		ResponseBoundary boundary = (ResponseBoundary) pipeline.get(NAME);
		if (boundary == null) {
			ChannelHandlerContext codec = pipeline.context(NettyPipeline.HttpCodec);
			boundary = new ResponseBoundary(codec);
			if (codec != null) {
				pipeline.addAfter(NettyPipeline.HttpCodec, NAME, boundary);
			}
			else {
				pipeline.addBefore(NettyPipeline.ReactiveBridge, NAME, boundary);
			}
		}
		boundary.exchange = exchange;
	}

	@Override
	public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
		if (message instanceof HttpRequest) {
			if (this.awaiting || this.end != null) {
				// It would receive what belongs to the request before it
				ReferenceCountUtil.release(message);
				promise.setFailure(new IOException("The response before has not ended"));
				context.close();
				return;
			}
			this.awaiting = true;
		}
		super.write(context, message, promise);
	}

	@Override
	public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
		if (this.broken || !this.awaiting) {
			ReferenceCountUtil.release(message);
			broken(context);
		}
		else if (isFailure(message)) {
			broken(context);
			super.channelRead(context, message);
		}
		else if (isInformational(message)) {
			ReferenceCountUtil.release(message);
			if (!context.channel().config().isAutoRead()) {
				context.read();
			}
		}
		else if (message instanceof LastHttpContent last) {
			this.awaiting = false;
			if (this.codec != null) {
				this.end = last;
			}
			else {
				super.channelRead(context, message);
			}
		}
		else {
			super.channelRead(context, message);
		}
	}

	// The end of the exchange closes the connection; between exchanges nothing else does.
	private void broken(ChannelHandlerContext context) {
		if (!this.broken) {
			this.broken = true;
			Connection.from(context.channel()).markPersistent(false);
			if (!this.awaiting && this.end == null) {
				context.close();
			}
		}
	}

	private static boolean isFailure(Object message) {
		return message instanceof DecoderResultProvider decoded && decoded.decoderResult().isFailure();
	}

	// Over HTTP/2 nothing follows an informational response but the next one.
	private boolean isInformational(Object message) {
		if (message instanceof HttpResponse response) {
			int status = response.status().code();
			this.informational = status >= 100 && status < 200 && status != 101;
			return this.informational;
		}
		if (this.informational && message instanceof LastHttpContent) {
			this.informational = false;
			return true;
		}
		return this.informational;
	}

	@Override
	public void channelReadComplete(ChannelHandlerContext context) throws Exception {
		if (this.codec != null && !this.awaiting && !this.broken) {
			((ChannelInboundHandler) this.codec.handler()).channelRead(this.codec, this.lineBreaks.readerIndex(0));
		}
		passEnd(context);
		super.channelReadComplete(context);
	}

	@Override
	public void channelInactive(ChannelHandlerContext context) throws Exception {
		passEnd(context);
		super.channelInactive(context);
	}

	@Override
	public void handlerRemoved(ChannelHandlerContext context) throws Exception {
		passEnd(context);
	}

	private void passEnd(ChannelHandlerContext context) throws Exception {
		LastHttpContent last = this.end;
		if (last != null) {
			this.end = null;
			if (this.exchange != null && !this.exchange.markResponseRead()) {
				// Cancelling closes it, perhaps after another exchange would have it
				Connection.from(context.channel()).markPersistent(false);
			}
			this.exchange = null;
			super.channelRead(context, last);
		}
	}

}
