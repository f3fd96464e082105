package io.github.grokspring.connection;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

import io.github.grokspring.error.ErrorKind;
import io.micrometer.observation.ObservationRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http2.DefaultHttp2DataFrame;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.DefaultHttp2HeadersFrame;
import io.netty.handler.codec.http2.Http2DataFrame;
import io.netty.handler.codec.http2.Http2FrameCodecBuilder;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import io.netty.handler.codec.http2.Http2MultiplexHandler;
import io.netty.util.CharsetUtil;
import io.netty.util.ReferenceCountUtil;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Flux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ResponseBoundary}.
 */
class ResponseBoundaryTests {

	private static final String EARLY_HINTS = "HTTP/1.1 103 Early Hints\r\nLink: </style.css>; rel=preload\r\n\r\n";

	private static final String PROCESSING = "HTTP/1.1 102 Processing\r\n\r\n";

	private static final String CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n";

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	static Stream<Arguments> informational() {
		return Stream
			.of("102", "103", "100", "103,103", "100,102,103", "103*300", "103,pause", "pause,102",
					"pause,103,pause,103,pause")
			.flatMap((before) -> Stream.of(HttpSettings.Protocol.values())
				.map((protocol) -> Arguments.of(before, protocol)));
	}

	@ParameterizedTest(name = "{0} over {1}")
	@MethodSource("informational")
	void informationalResponsesAreDropped(String before, HttpSettings.Protocol protocol) {
		ReactorXaiHttpClient http = connect(protocol, before);
		for (int i = 0; i < 4; i++) {
			assertThat(call(http, "call-" + i)).isEqualTo("call-" + i);
			assertThat(stream(http, "stream-" + i)).isEqualTo("stream-" + i);
		}
	}

	@ParameterizedTest(name = "{0} over {1}")
	@MethodSource("informational")
	void concurrentCallsReceiveTheirOwnResponses(String before, HttpSettings.Protocol protocol) {
		ReactorXaiHttpClient http = connect(protocol, before);
		List<Boolean> own = Flux.range(0, 24)
			.flatMap((i) -> ((i % 2 == 0) ? http.exchange(post("id-" + i)).map(Exchanges::text)
					: Exchanges.stream(http, post("id-" + i)).next())
				.map(("id-" + i)::equals), 24)
			.collectList()
			.block(Exchanges.LIMIT);
		assertThat(own).hasSize(24).containsOnly(true);
	}

	@Test
	void connectionIsReusedAfterInformationalResponses() {
		RawServer server = raw((client) -> {
			client.write(EARLY_HINTS + PROCESSING + CONTINUE);
			client.writeJson(200, client.body);
		});
		ReactorXaiHttpClient http = connect(server.url());
		for (int i = 0; i < 10; i++) {
			assertThat(call(http, "id-" + i)).isEqualTo("id-" + i);
		}
		assertThat(server.connections()).isEqualTo(1);
	}

	@Test
	void informationalResponseBeforeTheEndOfTheRequestIsDropped() {
		RawServer server = raw((client) -> client.writeJson(200, client.body), EARLY_HINTS);
		ReactorXaiHttpClient http = connect(server.url());
		assertThat(call(http, "x".repeat(2_000_000))).hasSize(2_000_000);
		assertThat(call(http, "next")).isEqualTo("next");
	}

	@Test
	void informationalResponsesDoNotResetReadTimeout() {
		RawServer server = raw((client) -> {
			client.write(EARLY_HINTS);
			client.awaitDisconnect();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.exchange(Exchanges.post(Duration.ofMillis(300))), ErrorKind.TIMEOUT);
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
	}

	@Test
	void connectionClosedAfterInformationalResponseFailsCall() {
		RawServer server = raw((client) -> {
			client.write(EARLY_HINTS);
			client.reset();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.exchange(Exchanges.post()), ErrorKind.CONNECTION);
	}

	@ParameterizedTest
	@ValueSource(ints = { 101, 99, 42 })
	void switchingProtocolsFailsCallAndClosesConnection(int status) {
		RawServer server = raw((client) -> {
			if (client.body.equals("first")) {
				client.write("HTTP/1.1 " + status + " Status\r\nContent-Length: 0\r\n\r\n"
						+ "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
			}
			else {
				client.writeJson(200, client.body);
			}
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.exchange(post("first")), ErrorKind.UNKNOWN, String.valueOf(status));
		assertThat(call(http, "second")).isEqualTo("second");
		Exchanges.assertFails(Exchanges.stream(http, post("first")), ErrorKind.UNKNOWN, String.valueOf(status));
		assertThat(call(http, "third")).isEqualTo("third");
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 2);
	}

	static Stream<String> dataAfterResponse() {
		return Stream.of("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nwrong",
				"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5\r\n\r\nwr",
				"HTTP/1.1 200 OK\r\nContent-Ty", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 ", "overlong", "overlong\r\n",
				"\u0000\u0001\u0002xyz", EARLY_HINTS, PROCESSING + "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwrong");
	}

	@ParameterizedTest
	@MethodSource("dataAfterResponse")
	void dataAfterResponseClosesConnection(String data) {
		assertConnectionIsClosed(1024, (client) -> client.write(json(client.body) + data));
	}

	@ParameterizedTest
	@MethodSource("dataAfterResponse")
	void waitingCallDoesNotReceiveDataAfterOtherResponse(String data) {
		assertConnectionIsClosed(1, (client) -> client.write(json(client.body) + data));
	}

	@ParameterizedTest
	@MethodSource("dataAfterResponse")
	void dataAfterErrorClosesConnection(String data) {
		RawServer server = raw((client) -> client
			.write("HTTP/1.1 429 Status\r\nContent-Length: " + client.body.length() + "\r\n\r\n" + client.body + data));
		ReactorXaiHttpClient http = connect(server.url());
		for (int i = 1; i <= 4; i++) {
			Exchanges.assertFails(http.exchange(post("id-" + i)), ErrorKind.RATE_LIMITED);
			int closed = i;
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == closed);
		}
	}

	@ParameterizedTest
	@MethodSource("dataAfterResponse")
	void dataAfterStreamClosesConnection(String data) {
		RawServer server = raw((client) -> client.write(RawServer.STREAM_HEAD
				+ RawServer.chunk("data: " + client.body + "\n\ndata: [DONE]\n\n") + "0\r\n\r\n" + data));
		ReactorXaiHttpClient http = connect(server.url(), 1);
		assertReceivedOwnResponses(server,
				Flux.range(1, 8)
					.flatMap((i) -> Exchanges.stream(http, post("id-" + i))
						.filter((text) -> !text.equals("<end>"))
						.map(("id-" + i)::equals), 8),
				8);
	}

	@ParameterizedTest
	@MethodSource("dataAfterResponse")
	void unsolicitedDataClosesIdleConnection(String data) {
		Semaphore received = new Semaphore(0);
		RawServer server = raw((client) -> {
			client.writeJson(200, client.body);
			received.acquire();
			client.write(data);
		});
		ReactorXaiHttpClient http = connect(server.url());
		for (int i = 1; i <= 3; i++) {
			assertThat(call(http, "id-" + i)).isEqualTo("id-" + i);
			received.release();
			int closed = i;
			await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == closed);
		}
	}

	@Test
	void lineBreaksAfterResponseAreIgnored() {
		RawServer server = raw((client) -> client.write(json(client.body) + "\r\n\r\n"));
		ReactorXaiHttpClient http = connect(server.url());
		for (int i = 0; i < 4; i++) {
			assertThat(call(http, "id-" + i)).isEqualTo("id-" + i);
		}
		assertThat(server.connections()).isEqualTo(1);
	}

	@Test
	void errorWithUnreadBodyClosesConnection() {
		RawServer server = raw((client) -> {
			client.write("HTTP/1.1 500 Status\r\nContent-Length: 1000000\r\n\r\n" + "x".repeat(70_000));
			client.awaitDisconnect();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.exchange(post("id")), ErrorKind.SERVER_ERROR);
		Exchanges.assertFails(Exchanges.stream(http, post("id")), ErrorKind.SERVER_ERROR);
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 2);
	}

	@Test
	void invalidResponseClosesConnection() {
		RawServer server = raw((client) -> {
			client.write("nonsense\r\n\r\n");
			client.awaitDisconnect();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.exchange(post("id")), (error) -> assertThat(error.isSent()).isTrue());
		Exchanges.assertFails(Exchanges.stream(http, post("id")), (error) -> assertThat(error.isSent()).isTrue());
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 2);
	}

	@Test
	void failingDecoderClosesConnection() {
		RawServer server = raw((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.writeEvent("{\"error\":\"wrong\"}");
			client.awaitDisconnect();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(Exchanges.stream(http, post("id")), (error) -> assertThat(error).isNotNull());
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
	}

	@Test
	void failingDecoderFactoryClosesConnection() {
		RawServer server = raw((client) -> {
			client.write(RawServer.STREAM_HEAD);
			client.awaitDisconnect();
		});
		ReactorXaiHttpClient http = connect(server.url());
		Exchanges.assertFails(http.stream(post("id"), (headers) -> {
			throw new IllegalStateException("no decoder");
		}), (error) -> assertThat(error).isNotNull());
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == 1);
	}

	private void assertConnectionIsClosed(int maxConnections, RawServer.Script script) {
		RawServer server = raw(script);
		ReactorXaiHttpClient http = connect(server.url(), maxConnections);
		assertReceivedOwnResponses(server,
				Flux.range(1, 8)
					.flatMap((i) -> http.exchange(post("id-" + i)).map(Exchanges::text).map(("id-" + i)::equals), 8),
				8);
	}

	private static void assertReceivedOwnResponses(RawServer server, Flux<Boolean> own, int connections) {
		assertThat(own.collectList().block(Exchanges.LIMIT)).hasSize(connections).containsOnly(true);
		await().atMost(Exchanges.LIMIT).until(() -> server.disconnects() == connections);
	}

	private static String call(XaiHttpClient http, String id) {
		return Exchanges.text(http.exchange(post(id)).block(Exchanges.LIMIT));
	}

	private static String stream(XaiHttpClient http, String id) {
		return Exchanges.stream(http, post(id)).blockFirst(Exchanges.LIMIT);
	}

	private static ApiRequest post(String id) {
		return new ApiRequest("POST", "/chat/completions", Map.of(),
				(out) -> out.write(id.getBytes(CharsetUtil.US_ASCII)), Duration.ofSeconds(10), null, "grok-4");
	}

	private static String json(String body) {
		return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n"
				+ body;
	}

	private ReactorXaiHttpClient connect(String url) {
		return connect(url, 1024);
	}

	private ReactorXaiHttpClient connect(String url, int maxConnections) {
		return connect(Exchanges.settings(url).withPool(maxConnections, Duration.ofMinutes(5)));
	}

	private ReactorXaiHttpClient connect(HttpSettings settings) {
		ReactorXaiHttpClient http = ReactorXaiHttpClient.create(settings, () -> "xai-key", ObservationRegistry.NOOP,
				List.of());
		this.resources.add(0, http);
		return http;
	}

	private RawServer raw(RawServer.Script script) {
		return raw(script, "");
	}

	private RawServer raw(RawServer.Script script, String greeting) {
		RawServer server = new RawServer(script, greeting);
		this.resources.add(server);
		return server;
	}

	private ReactorXaiHttpClient connect(HttpSettings.Protocol protocol, String before) {
		EchoServer server = new EchoServer(protocol, steps(before));
		this.resources.add(server);
		return connect(Exchanges.settings(server.url()).withProtocol(protocol));
	}

	private static List<String> steps(String before) {
		List<String> steps = new ArrayList<>();
		for (String step : before.split(",")) {
			String[] times = step.split("\\*");
			for (int i = 0; i < ((times.length > 1) ? Integer.parseInt(times[1]) : 1); i++) {
				steps.add(times[0]);
			}
		}
		return steps;
	}

	/**
	 * Server that returns the request after informational responses, over HTTP/1.1 or
	 * HTTP/2.
	 */
	private static final class EchoServer implements AutoCloseable {

		private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

		private final Channel channel;

		EchoServer(HttpSettings.Protocol protocol, List<String> steps) {
			this.channel = new ServerBootstrap().group(this.group)
				.channel(NioServerSocketChannel.class)
				.childHandler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel connection) {
						if (protocol == HttpSettings.Protocol.H2) {
							connection.pipeline()
								.addLast(Http2FrameCodecBuilder.forServer().build(),
										new Http2MultiplexHandler(new ChannelInitializer<>() {

											@Override
											protected void initChannel(Channel stream) {
												stream.pipeline().addLast(new Http2Echo(steps));
											}

										}));
						}
						else {
							connection.pipeline()
								.addLast(new HttpRequestDecoder(), new HttpObjectAggregator(10_000),
										new Http1Echo(steps));
						}
					}

				})
				.bind("localhost", 0)
				.syncUninterruptibly()
				.channel();
		}

		String url() {
			return "http://localhost:" + ((InetSocketAddress) this.channel.localAddress()).getPort() + "/v1";
		}

		@Override
		public void close() {
			this.channel.close().syncUninterruptibly();
			this.group.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
		}

	}

	private abstract static class Echo extends ChannelInboundHandlerAdapter {

		private final List<String> steps;

		Echo(List<String> steps) {
			this.steps = steps;
		}

		final void respond(ChannelHandlerContext context, int step, boolean stream, String body) {
			if (step == this.steps.size()) {
				end(context, stream, body);
				return;
			}
			if (this.steps.get(step).equals("pause")) {
				context.executor().schedule(() -> respond(context, step + 1, stream, body), 20, TimeUnit.MILLISECONDS);
				return;
			}
			informational(context, this.steps.get(step));
			respond(context, step + 1, stream, body);
		}

		abstract void informational(ChannelHandlerContext context, String status);

		abstract void end(ChannelHandlerContext context, boolean stream, String body);

	}

	private static final class Http1Echo extends Echo {

		Http1Echo(List<String> steps) {
			super(steps);
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			FullHttpRequest request = (FullHttpRequest) message;
			String body = request.content().toString(CharsetUtil.US_ASCII);
			boolean stream = "text/event-stream".equals(request.headers().get("accept"));
			request.release();
			respond(context, 0, stream, body);
		}

		@Override
		void informational(ChannelHandlerContext context, String status) {
			write(context, "HTTP/1.1 " + status + " Status\r\nX-Some: header\r\n\r\n");
		}

		@Override
		void end(ChannelHandlerContext context, boolean stream, String body) {
			write(context, stream
					? RawServer.STREAM_HEAD + RawServer.chunk("data: " + body + "\n\ndata: [DONE]\n\n") + "0\r\n\r\n"
					: json(body));
		}

		private static void write(ChannelHandlerContext context, String text) {
			context.writeAndFlush(Unpooled.copiedBuffer(text, CharsetUtil.US_ASCII));
		}

	}

	private static final class Http2Echo extends Echo {

		private final StringBuilder body = new StringBuilder();

		private boolean stream;

		Http2Echo(List<String> steps) {
			super(steps);
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object frame) {
			if (frame instanceof Http2HeadersFrame headers) {
				this.stream = "text/event-stream".contentEquals(headers.headers().get("accept"));
			}
			else if (frame instanceof Http2DataFrame data) {
				this.body.append(data.content().toString(CharsetUtil.US_ASCII));
				if (data.isEndStream()) {
					respond(context, 0, this.stream, this.body.toString());
				}
			}
			ReferenceCountUtil.release(frame);
		}

		@Override
		void informational(ChannelHandlerContext context, String status) {
			head(context, status, null);
		}

		@Override
		void end(ChannelHandlerContext context, boolean stream, String body) {
			head(context, "200", stream ? "text/event-stream" : "application/json");
			String text = stream ? "data: " + body + "\n\ndata: [DONE]\n\n" : body;
			context.writeAndFlush(new DefaultHttp2DataFrame(Unpooled.copiedBuffer(text, CharsetUtil.US_ASCII), true));
		}

		private static void head(ChannelHandlerContext context, String status, String type) {
			Http2Headers headers = new DefaultHttp2Headers().status(status);
			if (type != null) {
				headers.set("content-type", type);
			}
			context.writeAndFlush(new DefaultHttp2HeadersFrame(headers, false));
		}

	}

}
