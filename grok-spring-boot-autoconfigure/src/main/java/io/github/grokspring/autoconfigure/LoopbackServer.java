package io.github.grokspring.autoconfigure;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.util.NetUtil;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import reactor.netty.http.server.HttpServerRequest;
import reactor.netty.http.server.HttpServerResponse;
import reactor.netty.resources.LoopResources;

/**
 * HTTP server on the loopback interface that returns a fixed Chat Completions response.
 *
 * @param server the server
 * @param loops the event loop of the server
 */
record LoopbackServer(DisposableServer server, LoopResources loops) implements AutoCloseable {

	private static final Duration TIMEOUT = Duration.ofSeconds(5);

	private static final String RESPONSE = """
			{"id":"0","object":"chat.completion","created":0,"model":"%s","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Hello."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static final String EVENTS = """
			data: {"id":"0","object":"chat.completion.chunk","created":0,"model":"%1$s","choices":[{"index":0,\
			"delta":{"role":"assistant","content":"Hello."}}]}

			data: {"id":"0","object":"chat.completion.chunk","created":0,"model":"%1$s","choices":[{"index":0,\
			"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

			data: [DONE]

			""";

	static LoopbackServer start(String model) {
		LoopResources loops = LoopResources.create(WarmUp.THREAD + "-server", 1, true);
		try {
			return new LoopbackServer(HttpServer.create()
				.runOn(loops)
				.bindAddress(() -> new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
				.handle((request, response) -> respond(request, response, model))
				.bindNow(TIMEOUT), loops);
		}
		catch (RuntimeException ex) {
			loops.dispose();
			throw ex;
		}
	}

	private static Publisher<Void> respond(HttpServerRequest request, HttpServerResponse response, String model) {
		return request.receive().aggregate().asString().flatMapMany((body) -> {
			boolean stream = body.contains("\"stream\":true");
			response.header(HttpHeaderNames.CONTENT_TYPE, stream ? "text/event-stream" : "application/json");
			return response.sendString(Mono.just((stream ? EVENTS : RESPONSE).formatted(model)));
		});
	}

	String baseUrl() {
		return "http://" + NetUtil.toSocketAddressString((InetSocketAddress) this.server.address()) + "/warm-up/v1";
	}

	@Override
	public void close() {
		this.server.dispose();
		this.loops.disposeLater(Duration.ZERO, TIMEOUT).block(TIMEOUT);
	}

}
