package io.github.grokspring.autoconfigure;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * Server on the loopback interface that sends the same response to every Chat Completions
 * request, one request at a time. It supports only the part of HTTP that
 * {@link io.github.grokspring.connection.ReactorXaiHttpClient} uses.
 */
final class LoopbackServer implements Runnable, Closeable {

	private static final int READ_TIMEOUT_MILLIS = 5_000;

	private static final String RESPONSE = """
			{"id":"0","object":"chat.completion","created":0,"model":"%s","choices":[{"index":0,"message":\
			{"role":"assistant","content":"Warm."},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,\
			"completion_tokens":1,"total_tokens":2}}""";

	private static final String EVENTS = """
			data: {"id":"0","object":"chat.completion.chunk","created":0,"model":"%1$s","choices":[{"index":0,\
			"delta":{"role":"assistant","content":"Warm."}}]}

			data: {"id":"0","object":"chat.completion.chunk","created":0,"model":"%1$s","choices":[{"index":0,\
			"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":1,"completion_tokens":1,"total_tokens":2}}

			data: [DONE]

			""";

	private final ServerSocket socket;

	private final String model;

	private LoopbackServer(ServerSocket socket, String model) {
		this.socket = socket;
		this.model = model;
	}

	/**
	 * Binds a server to a free port.
	 * @param model the model in the responses
	 * @return the server, to be run and closed
	 * @throws IOException if no port is available
	 */
	static LoopbackServer open(String model) throws IOException {
		return new LoopbackServer(new ServerSocket(0, 2, InetAddress.getLoopbackAddress()), model);
	}

	String baseUrl() {
		InetAddress address = this.socket.getInetAddress();
		String host = address.getHostAddress();
		return "http://" + ((host.indexOf(':') >= 0) ? "[" + host + "]" : host) + ":" + this.socket.getLocalPort()
				+ "/warm-up/v1";
	}

	@Override
	public void run() {
		while (!this.socket.isClosed()) {
			try (Socket connection = this.socket.accept()) {
				connection.setSoTimeout(READ_TIMEOUT_MILLIS);
				respond(connection);
			}
			catch (IOException ex) {
				// The server was closed, or a connection failed, which the client detects
				if (this.socket.isClosed()) {
					return;
				}
			}
		}
	}

	private void respond(Socket connection) throws IOException {
		InputStream in = connection.getInputStream();
		String head = readHead(in);
		String body = new String(in.readNBytes(contentLength(head)), StandardCharsets.UTF_8);
		boolean stream = body.contains("\"stream\":true");
		byte[] content = (stream ? EVENTS : RESPONSE).formatted(this.model).getBytes(StandardCharsets.UTF_8);
		String responseHead = "HTTP/1.1 200 OK\r\nContent-Type: " + (stream ? "text/event-stream" : "application/json")
				+ "\r\nContent-Length: " + content.length + "\r\nConnection: close\r\n\r\n";
		connection.getOutputStream().write(responseHead.getBytes(StandardCharsets.US_ASCII));
		connection.getOutputStream().write(content);
		connection.getOutputStream().flush();
	}

	private static String readHead(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		int end = 0;
		while (end < 4) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("The connection was closed within the request");
			}
			head.write(next);
			end = (next == '\r' || next == '\n') ? end + 1 : 0;
		}
		return head.toString(StandardCharsets.US_ASCII);
	}

	private static int contentLength(String head) throws IOException {
		return head.lines()
			.filter((line) -> line.regionMatches(true, 0, "content-length:", 0, 15))
			.map((line) -> Integer.parseInt(line.substring(15).strip()))
			.findFirst()
			.orElseThrow(() -> new IOException("The request has no Content-Length"));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
