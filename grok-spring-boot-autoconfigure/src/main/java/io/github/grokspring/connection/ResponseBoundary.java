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
 * Ensures that each request receives only its own response. A connection returns to the
 * pool only if the end of the final response has been read and no data follows. In all
 * other cases the connection is closed.
 * <p>
 * Reactor Netty returns a connection to the pool at the end of the first response other
 * than {@code 100 Continue}. This handler therefore drops informational responses (1xx).
 * {@code 101 Switching Protocols}, which is never requested, is passed on and fails the
 * exchange.
 * <p>
 * With HTTP/1.1, the end of a response is delayed until all data received with it has
 * been decoded. Data after the end, or without a request, closes the connection before
 * another request can be sent.
 */
final class ResponseBoundary extends ChannelDuplexHandler {

	private static final String NAME = "grok.responseBoundary";

	/**
	 * Passed to the decoder after each response. It skips line breaks between responses,
	 * but they complete any partial input that it has retained.
	 */
	private static final ByteBuf LINE_BREAKS = Unpooled
		.unreleasableBuffer(Unpooled.directBuffer(4).writeBytes("\r\n\r\n".getBytes(CharsetUtil.US_ASCII)))
		.asReadOnly();

	/** The codec of HTTP/1.1, {@code null} for an HTTP/2 stream. */
	private final @Nullable ChannelHandlerContext codec;

	/** Duplicated per connection, because reading moves the index. */
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
	 * Adds the handler to a connection unless present, and sets the exchange of the next
	 * request.
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
				// It would receive the rest of the previous response
				ReferenceCountUtil.release(message);
				promise.setFailure(new IOException("The previous response has not ended"));
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
			markBroken(context);
		}
		else if (isFailure(message)) {
			markBroken(context);
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

	// During an exchange, its end closes the connection
	private void markBroken(ChannelHandlerContext context) {
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

	// With HTTP/2, only the next response follows an informational one
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
				// The pending cancellation closes the connection, so it must not be
				// reused
				Connection.from(context.channel()).markPersistent(false);
			}
			this.exchange = null;
			super.channelRead(context, last);
		}
	}

}
