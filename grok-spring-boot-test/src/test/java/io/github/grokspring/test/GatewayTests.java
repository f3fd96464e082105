package io.github.grokspring.test;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http2.Http2HeadersFrame;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import tools.jackson.databind.JsonNode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class GatewayTests {

	private static final String STREAM = "\"stream\":true,\"stream_options\":{\"include_usage\":true}";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@Test
	void streamStartsWithBlankChunk() {
		xai.answers("Hello").gateway(GatewayQuirk.BLANK_FIRST_CHUNK);
		List<JsonNode> chunks = chunks();
		assertThat(chunks.get(0).get("choices").isEmpty()).isTrue();
		assertThat(chunks.get(0).get("id").stringValue()).isEmpty();
		assertThat(chunks.get(0).get("model").stringValue()).isEmpty();
		assertThat(chunks.get(1).at("/choices/0/delta/role").stringValue()).isEqualTo("assistant");
		assertThat(chunks.get(2).at("/choices/0/delta/content").stringValue()).isEqualTo("Hello");
	}

	@Test
	void errorIsInChoiceOfStream() {
		xai.answers("a b c").failsAfter(2, "502", "Provider disconnected").gateway(GatewayQuirk.ERROR_IN_CHOICE);
		List<JsonNode> chunks = chunks();
		JsonNode choice = chunks.get(chunks.size() - 1).at("/choices/0");
		assertThat(choice.get("finish_reason").stringValue()).isEqualTo("error");
		assertThat(choice.at("/error/code").intValue()).isEqualTo(502);
		assertThat(choice.at("/error/message").stringValue()).isEqualTo("Provider disconnected");
	}

	@Test
	void errorIsInChoiceOfResponse() {
		xai.answers("a b c").failed("server_error", "It broke").gateway(GatewayQuirk.ERROR_IN_CHOICE);
		JsonNode choice = TestClient.json(this.calls.ask("grok-4.3", "")).at("/choices/0");
		assertThat(choice.at("/message/content").stringValue()).isEqualTo("a b c");
		assertThat(choice.get("finish_reason").stringValue()).isEqualTo("error");
		assertThat(choice.at("/error/code").stringValue()).isEqualTo("server_error");
	}

	@Test
	void toolNamesAreRepeatedAndIndexesMissing() {
		xai.answersWithToolCall("weather", "{\"city\":\"Rome\"}")
			.andToolCall("time", "{}")
			.gateway(GatewayQuirk.REPEATED_TOOL_NAMES, GatewayQuirk.NO_TOOL_INDEXES);
		List<JsonNode> calls = toolCalls();
		assertThat(calls).hasSize(5).noneMatch((call) -> call.has("index"));
		assertThat(calls).extracting((call) -> call.at("/function/name").stringValue())
			.containsExactly("weather", "weather", "weather", "time", "time");
		assertThat(calls.get(0).at("/function/arguments").stringValue()
				+ calls.get(1).at("/function/arguments").stringValue()
				+ calls.get(2).at("/function/arguments").stringValue())
			.isEqualTo("{\"city\":\"Rome\"}");
	}

	@Test
	void toolCallsAllHaveIndexZero() {
		xai.answersWithToolCall("weather", "{}").andToolCall("time", "{}").gateway(GatewayQuirk.ZERO_TOOL_INDEXES);
		assertThat(toolCalls()).hasSize(2).allMatch((call) -> call.get("index").intValue() == 0);
	}

	@Test
	void keepAlivesAreBetweenEventsOfBothEndpoints() {
		xai.answers("Hello").gateway(GatewayQuirk.COMMENTS, GatewayQuirk.PINGS).times(2);
		for (String body : List.of(this.calls.ask("grok-4.3", STREAM).body(),
				this.calls.respond("grok-4.3", "\"stream\":true").body())) {
			assertThat(body).startsWith(": PROCESSING\n\nevent: ping\ndata: keep-alive\n\n");
			assertThat(body.split(": PROCESSING\n\n")).hasSizeGreaterThan(4);
			assertThat(body.strip()).doesNotEndWith("keep-alive");
		}
	}

	@Test
	void zeroUsageFollowsUsage() {
		xai.answers("Hello").usage(10, 5).gateway(GatewayQuirk.ZERO_USAGE_LAST);
		List<JsonNode> chunks = chunks();
		assertThat(chunks.get(chunks.size() - 2).at("/usage/total_tokens").intValue()).isEqualTo(15);
		assertThat(chunks.get(chunks.size() - 1).at("/usage/total_tokens").intValue()).isZero();
	}

	@Test
	void sendsInformationalResponsesBeforeResponse() throws IOException {
		xai.answers("Hello").informational(103, 102);
		String received = raw(TestClient.question("grok-4.3", ""));
		assertThat(received)
			.startsWith("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK");
		assertThat(received).endsWith("}");
	}

	@Test
	void sendsInformationalResponsesOverHttp2() {
		xai.failsWith(500).informational(103);
		StringBuffer statuses = new StringBuffer();
		String status = HttpClient.newConnection()
			.protocol(HttpProtocol.H2C)
			.doOnRequest((request,
					connection) -> connection.channel().pipeline().addFirst(new ChannelInboundHandlerAdapter() {

						@Override
						public void channelRead(ChannelHandlerContext context, Object message) {
							if (message instanceof Http2HeadersFrame headers && headers.headers().status() != null) {
								statuses.append(headers.headers().status()).append(' ');
							}
							context.fireChannelRead(message);
						}

					}))
			.headers((headers) -> Map.of("authorization", "Bearer " + xai.apiKey(), "content-type", "application/json")
				.forEach(headers::set))
			.post()
			.uri(xai.baseUrl() + "/chat/completions")
			.send(reactor.netty.ByteBufFlux
				.fromString(reactor.core.publisher.Mono.just(TestClient.question("grok-4.3", ""))))
			.responseSingle((response, body) -> body.asString().thenReturn(response.status().codeAsText().toString()))
			.onErrorReturn("ended by the first")
			.block();
		assertThat(statuses.toString()).startsWith("103 ");
		assertThat(status).isNotNull();
	}

	@Test
	void rejectsStatusesThatAreNotInformational() {
		Answer answer = xai.answers("Hello");
		assertThatIllegalArgumentException().isThrownBy(() -> answer.informational(200));
		assertThatIllegalArgumentException().isThrownBy(() -> answer.informational(101));
	}

	private List<JsonNode> chunks() {
		return this.calls.events(TestClient.question("grok-4.3", STREAM))
			.stream()
			.filter((event) -> !"[DONE]".equals(event))
			.map(TestClient::json)
			.toList();
	}

	private List<JsonNode> toolCalls() {
		return chunks().stream().flatMap((chunk) -> chunk.at("/choices/0/delta/tool_calls").valueStream()).toList();
	}

	private static String raw(String body) throws IOException {
		try (Socket socket = new Socket("127.0.0.1", xai.port())) {
			String request = "POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer %s\r\n"
				.formatted(xai.apiKey())
					+ "content-type: application/json\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%s"
						.formatted(body.length(), body);
			socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
			InputStream in = socket.getInputStream();
			return new String(in.readAllBytes(), StandardCharsets.UTF_8);
		}
	}

}
