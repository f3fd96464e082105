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
 * Answers Chat Completions on the loopback interface with always the same words, to
 * whoever asks, one after the other. Understands just as much of HTTP as our own
 * connection speaks.
 */
final class LoopbackServer implements Runnable, Closeable {

	private static final int SECONDS_OF_SILENCE = 5;

	private static final String ANSWER = """
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
	 * Open a free port.
	 * @param model who pretends to answer
	 * @return what answers there once it runs, to be closed
	 * @throws IOException if there is none to be had
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
				connection.setSoTimeout(SECONDS_OF_SILENCE * 1000);
				answer(connection);
			}
			catch (IOException ex) {
				// Closed, or a connection that broke: the one who asks notices
				if (this.socket.isClosed()) {
					return;
				}
			}
		}
	}

	private void answer(Socket connection) throws IOException {
		InputStream in = connection.getInputStream();
		String head = head(in);
		String body = new String(in.readNBytes(length(head)), StandardCharsets.UTF_8);
		boolean stream = body.contains("\"stream\":true");
		byte[] content = (stream ? EVENTS : ANSWER).formatted(this.model).getBytes(StandardCharsets.UTF_8);
		String answer = "HTTP/1.1 200 OK\r\nContent-Type: " + (stream ? "text/event-stream" : "application/json")
				+ "\r\nContent-Length: " + content.length + "\r\nConnection: close\r\n\r\n";
		connection.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
		connection.getOutputStream().write(content);
		connection.getOutputStream().flush();
	}

	private static String head(InputStream in) throws IOException {
		ByteArrayOutputStream head = new ByteArrayOutputStream();
		int end = 0;
		while (end < 4) {
			int next = in.read();
			if (next < 0) {
				throw new IOException("The request broke off");
			}
			head.write(next);
			end = (next == '\r' || next == '\n') ? end + 1 : 0;
		}
		return head.toString(StandardCharsets.US_ASCII);
	}

	private static int length(String head) throws IOException {
		return head.lines()
			.filter((line) -> line.regionMatches(true, 0, "content-length:", 0, 15))
			.map((line) -> Integer.parseInt(line.substring(15).strip()))
			.findFirst()
			.orElseThrow(() -> new IOException("The request has no length"));
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
