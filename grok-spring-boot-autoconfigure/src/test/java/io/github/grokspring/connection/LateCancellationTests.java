package io.github.grokspring.connection;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.observation.ObservationRegistry;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import reactor.core.Disposable;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.Connection;
import reactor.netty.NettyPipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that cancelling an exchange while its response arrives does not close a reused
 * connection.
 */
@Timeout(60)
class LateCancellationTests {

	private static final String EVENTS = RawServer.chunk("data: one\n\n") + RawServer.chunk("data: two\n\n")
			+ "0\r\n\r\n";

	private static final String COMPLETE_RESPONSE = RawServer.STREAM_HEAD.replace("text/event-stream",
			"application/json") + RawServer.chunk(Exchanges.ANSWER) + "0\r\n\r\n";

	@ParameterizedTest
	@CsvSource({ "HEAD, false", "HEAD, true", "CONTENT, false", "CONTENT, true", "END, false", "END, true" })
	void nextRequestAfterCancellationReceivesItsResponse(Moment moment, boolean stream) throws Exception {
		String text = stream ? "onetwo<end>" : Exchanges.ANSWER;
		AtomicReference<Disposable> first = new AtomicReference<>();
		CountDownLatch bothAsked = new CountDownLatch(1);
		try (RawServer server = new RawServer((client) -> {
			bothAsked.await();
			client.write(stream ? RawServer.STREAM_HEAD + EVENTS : COMPLETE_RESPONSE);
		});
				ReactorXaiHttpClient http = ReactorXaiHttpClient.create(
						Exchanges.settings(server.url()).withPool(1, Duration.ofMinutes(5)), () -> "xai-key",
						ObservationRegistry.NOOP, List.of((client) -> client
							.doOnRequest((request, connection) -> cancelAt(moment, connection, first))))) {
			first.set(send(http, stream).subscribe());
			await().atMost(Exchanges.LIMIT).until(() -> server.requests() == 1);
			CompletableFuture<String> second = send(http, stream).toFuture();
			await().atMost(Exchanges.LIMIT).until(() -> http.inFlight() == 2);
			bothAsked.countDown();
			assertThat(second.get(20, TimeUnit.SECONDS)).isEqualTo(text);
			await().atMost(Exchanges.LIMIT).until(() -> http.inFlight() == 0);
			assertThat(send(http, stream).block(Exchanges.LIMIT)).isEqualTo(text);
			assertThat(first.get()).isNull();
		}
	}

	private static Mono<String> send(ReactorXaiHttpClient http, boolean stream) {
		return stream ? Exchanges.stream(http).collectList().map((texts) -> String.join("", texts))
				: Flux.from(http.exchange(Exchanges.post())).map(Exchanges::text).next();
	}

	private static void cancelAt(Moment moment, Connection connection, AtomicReference<Disposable> first) {
		if (connection.channel().pipeline().get("cancelling") == null) {
			connection.channel()
				.pipeline()
				.addAfter(NettyPipeline.HttpCodec, "cancelling", new Cancelling(moment, first));
		}
	}

	/**
	 * Time at which the first response is cancelled.
	 */
	enum Moment {

		HEAD, CONTENT, END;

		boolean isIn(Object message) {
			return switch (this) {
				case HEAD -> message instanceof HttpResponse;
				case CONTENT -> message instanceof HttpContent && !(message instanceof LastHttpContent);
				case END -> message instanceof LastHttpContent;
			};
		}

	}

	/**
	 * Cancels an exchange on another thread while its response is being read.
	 */
	private static final class Cancelling extends ChannelInboundHandlerAdapter {

		private final Moment moment;

		private final AtomicReference<Disposable> first;

		private Cancelling(Moment moment, AtomicReference<Disposable> first) {
			this.moment = moment;
			this.first = first;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
			Disposable cancelled = this.moment.isIn(message) ? this.first.getAndSet(null) : null;
			if (cancelled != null) {
				Thread other = new Thread(cancelled::dispose);
				other.start();
				other.join();
			}
			super.channelRead(context, message);
		}

	}

}
