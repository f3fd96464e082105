package io.github.grokspring.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.grokspring.error.ErrorKind;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ReactorXaiHttpClient} with a proxy.
 */
class ExchangeProxyTests {

	/** Reserved name that never resolves. */
	private static final String UNKNOWN_HOST = "api.xai.invalid";

	private static final String CREDENTIALS = Base64.getEncoder()
		.encodeToString("user:secret".getBytes(StandardCharsets.UTF_8));

	private final CopyOnWriteArrayList<String> connectRequests = new CopyOnWriteArrayList<>();

	@Test
	void connectionsUseProxy() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				RawServer proxy = new RawServer(this::tunnel);
				ReactorXaiHttpClient http = through(proxy, server.url(), "secret")) {
			assertThat(Exchanges.text(http.exchange(Exchanges.post()).block(Exchanges.LIMIT)))
				.isEqualTo(Exchanges.ANSWER);
			assertThat(server.requests()).isEqualTo(1);
			assertThat(this.connectRequests).singleElement().satisfies((head) -> {
				assertThat(head).startsWith("CONNECT localhost:");
				assertThat(head).doesNotContain("xai-key");
			});
		}
	}

	@Test
	void proxyResolvesHostName() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				RawServer proxy = new RawServer(this::tunnel);
				ReactorXaiHttpClient http = through(proxy, server.url().replace("localhost", UNKNOWN_HOST), "secret")) {
			assertThat(Exchanges.text(http.exchange(Exchanges.post()).block(Exchanges.LIMIT)))
				.isEqualTo(Exchanges.ANSWER);
			assertThat(this.connectRequests).singleElement()
				.satisfies((head) -> assertThat(head).startsWith("CONNECT " + UNKNOWN_HOST + ":"));
		}
	}

	@Test
	void rejectionByProxyIsConnectionFailure() throws Exception {
		try (RawServer server = new RawServer((client) -> client.writeJson(200, Exchanges.ANSWER));
				RawServer proxy = new RawServer(this::tunnel);
				ReactorXaiHttpClient http = through(proxy, server.url(), "wrong")) {
			Exchanges.assertFails(http.exchange(Exchanges.post()), (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.CONNECTION);
				assertThat(error).hasMessageContaining("'grok.http.proxy'");
				assertThat(error.getMessage()).doesNotContain("wrong");
			});
			assertThat(server.requests()).isZero();
		}
	}

	@Test
	void unknownHostOfProxyIsConnectionFailure() {
		try (ReactorXaiHttpClient http = Exchanges.connect(Exchanges.settings("https://api.x.ai/v1")
			.withProxy(new HttpSettings.Proxy("proxy.invalid", 3128, null, null)))) {
			Exchanges.assertFails(http.exchange(Exchanges.post()), (error) -> {
				assertThat(error.kind()).isEqualTo(ErrorKind.CONNECTION);
				assertThat(error.isUnsent()).isTrue();
				assertThat(error).hasMessageContaining("The host of the proxy is unknown")
					.hasMessageContaining("'grok.http.proxy.host'");
			});
		}
	}

	private static ReactorXaiHttpClient through(RawServer proxy, String target, String password) {
		int port = java.net.URI.create(proxy.url()).getPort();
		return Exchanges
			.connect(Exchanges.settings(target).withProxy(new HttpSettings.Proxy("localhost", port, "user", password)));
	}

	private void tunnel(RawServer.Client client) throws IOException {
		this.connectRequests.add(client.head);
		if (!client.head.toLowerCase(java.util.Locale.ROOT)
			.contains("proxy-authorization: basic " + CREDENTIALS.toLowerCase(java.util.Locale.ROOT))) {
			client.write("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
			return;
		}
		String[] target = client.head.split(" ")[1].split(":");
		try (Socket upstream = new Socket(target[0].replace(UNKNOWN_HOST, "localhost"), Integer.parseInt(target[1]))) {
			client.write("HTTP/1.1 200 Connection established\r\n\r\n");
			Thread back = new Thread(() -> copy(upstream, client.socket));
			back.setDaemon(true);
			back.start();
			copy(client.socket, upstream);
		}
	}

	private static void copy(Socket from, Socket to) {
		byte[] buffer = new byte[8192];
		try {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			int read;
			while ((read = in.read(buffer)) >= 0) {
				out.write(buffer, 0, read);
				out.flush();
			}
		}
		catch (IOException ex) {
			// One side has closed its connection, which ends the tunnel
			return;
		}
	}

}
