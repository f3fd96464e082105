package io.github.grokspring.test;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;

import io.netty.handler.ssl.util.InsecureTrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import reactor.core.publisher.Mono;
import reactor.netty.ByteBufFlux;
import reactor.netty.http.Http2SslContextSpec;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class XaiServerTests {

	private static final Duration SOON = Duration.ofSeconds(10);

	@Test
	void listensOnLoopbackAndAcceptsItsKey() {
		try (XaiServer server = XaiServer.builder().apiKey("xai-another-key-for-tests").start()) {
			assertThat(server.baseUrl()).isEqualTo("http://127.0.0.1:" + server.port() + "/v1");
			assertThat(server.apiKey()).isEqualTo("xai-another-key-for-tests");
			assertThat(new TestClient(server).get("/models").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void closesTwiceAndReleasesPort() {
		XaiServer server = XaiServer.start();
		server.close();
		server.close();
		try (XaiServer next = XaiServer.builder().port(server.port()).start()) {
			assertThat(next.port()).isEqualTo(server.port());
		}
	}

	@Test
	void reusesConnections() {
		try (XaiServer server = XaiServer.start()) {
			TestClient calls = new TestClient(server);
			for (int i = 0; i < 10; i++) {
				calls.ask("grok-4.3", (i % 2 == 0) ? "\"stream\":true" : "");
			}
			assertThat(server.connectionsOpened()).isOne();
		}
	}

	@Test
	void servesHttp2OnPlainText() {
		try (XaiServer server = XaiServer.start()) {
			assertServesHttp2(server, HttpClient.newConnection().protocol(HttpProtocol.H2C));
		}
	}

	@Test
	void servesHttp2OverTls(@TempDir Path folder) throws Exception {
		try (XaiServer server = XaiServer.builder().tls(keys(folder)).start()) {
			assertThat(server.baseUrl()).startsWith("https://");
			HttpClient client = HttpClient.newConnection()
				.protocol(HttpProtocol.H2)
				.secure((spec) -> spec.sslContext(Http2SslContextSpec.forClient()
					.configure((context) -> context.trustManager(InsecureTrustManagerFactory.INSTANCE))));
			assertServesHttp2(server, client);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void breaksHttp2Streams(boolean before) {
		try (XaiServer server = XaiServer.start()) {
			if (before) {
				server.resetsConnection();
			}
			else {
				server.answersInChunks(5).breaksAfter(2);
			}
			Mono<String> answer = ask(server, HttpClient.newConnection().protocol(HttpProtocol.H2C));
			assertThat(answer.materialize().block(SOON).isOnError()).isTrue();
		}
	}

	@Test
	void rejectsInvalidScripts() {
		try (XaiServer server = XaiServer.start()) {
			assertThatIllegalArgumentException().isThrownBy(() -> server.answers("x").times(0));
			assertThatIllegalArgumentException().isThrownBy(() -> server.streamsRaw("x").inPiecesOf(0));
			assertThatIllegalArgumentException().isThrownBy(() -> server.alsoServes("a", "nothing"));
		}
	}

	private static void assertServesHttp2(XaiServer server, HttpClient client) {
		for (int i = 0; i < 2; i++) {
			String body = ask(server, client).block(SOON);
			assertThat(body).contains("chat.completion.chunk").endsWith("data: [DONE]\n\n");
		}
		server.failsWith(503);
		assertThat(ask(server, client).block(SOON)).contains("unavailable");
		assertThat(server.lastRequest().header("authorization")).isNotNull();
	}

	private static Mono<String> ask(XaiServer server, HttpClient client) {
		return client
			.headers((headers) -> headers.set("authorization", "Bearer " + server.apiKey())
				.set("content-type", "application/json"))
			.post()
			.uri(server.baseUrl() + "/chat/completions")
			.send(ByteBufFlux.fromString(Mono.just(TestClient.question("grok-4.3", "\"stream\":true"))))
			.responseContent()
			.aggregate()
			.asString();
	}

	private static KeyManagerFactory keys(Path folder) throws Exception {
		Path store = folder.resolve("keys.p12");
		List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-storetype", "PKCS12",
				"-keystore", store.toString(), "-storepass", "changeit");
		Process process = new ProcessBuilder(command).redirectErrorStream(true)
			.redirectOutput(folder.resolve("keytool.log").toFile())
			.start();
		assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream stream = Files.newInputStream(store)) {
			keyStore.load(stream, "changeit".toCharArray());
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(keyStore, "changeit".toCharArray());
		return keys;
	}

}
