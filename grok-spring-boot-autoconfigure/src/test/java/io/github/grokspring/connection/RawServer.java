package io.github.grokspring.connection;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Server that can violate HTTP. Each connection is handled by the script on its own
 * thread, request after request.
 */
public final class RawServer implements AutoCloseable {

	public static final String STREAM_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"
			+ "Transfer-Encoding: chunked\r\n\r\n";

	private final ServerSocket server;

	private final ExecutorService threads = Executors.newCachedThreadPool((task) -> {
		Thread thread = new Thread(task, "raw-server");
		thread.setDaemon(true);
		return thread;
	});

	private final List<Client> clients = new CopyOnWriteArrayList<>();

	private final String earlyResponse;

	private final AtomicInteger requests = new AtomicInteger();

	private final AtomicInteger disconnects = new AtomicInteger();

	public RawServer(Script script) {
		this(script, "");
	}

	/**
	 * Create a server that answers before it has read the whole request.
	 * @param script what it does with a request
	 * @param early what it sends when it has read the head of a request
	 */
	public RawServer(Script script, String early) {
		this.earlyResponse = early;
		try {
			this.server = new ServerSocket(0, 2048, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		this.threads.execute(() -> accept(script));
	}

	public String url() {
		return "http://localhost:" + this.server.getLocalPort() + "/v1";
	}

	public int connections() {
		return this.clients.size();
	}

	public int requests() {
		return this.requests.get();
	}

	public int disconnects() {
		return this.disconnects.get();
	}

	@Override
	public void close() throws IOException {
		this.server.close();
		for (Client client : this.clients) {
			client.socket.close();
		}
		this.threads.shutdownNow();
	}

	private void accept(Script script) {
		try {
			while (!this.server.isClosed()) {
				Client client = new Client(this.server.accept());
				this.clients.add(client);
				this.threads.execute(() -> serve(client, script));
			}
		}
		catch (IOException ex) {
			// Closed.
			return;
		}
	}

	private void serve(Client client, Script script) {
		try {
			while (client.readRequest(this.earlyResponse)) {
				this.requests.incrementAndGet();
				script.respond(client);
			}
		}
		catch (IOException | InterruptedException ex) {
			// The other side has gone, which is what is counted.
		}
		this.disconnects.incrementAndGet();
	}

	public static String chunk(String text) {
		return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length) + "\r\n" + text + "\r\n";
	}

	/**
	 * Handles a request.
	 */
	@FunctionalInterface
	public interface Script {

		void respond(Client client) throws IOException, InterruptedException;

	}

	/**
	 * Server side of a connection.
	 */
	public static final class Client {

		public final Socket socket;

		private final InputStream in;

		private final OutputStream out;

		public String head = "";

		public String body = "";

		Client(Socket socket) throws IOException {
			this.socket = socket;
			this.in = socket.getInputStream();
			this.out = socket.getOutputStream();
		}

		public void write(String text) throws IOException {
			this.out.write(text.getBytes(StandardCharsets.UTF_8));
			this.out.flush();
		}

		public void writeEvent(String data) throws IOException {
			write(chunk("data: " + data + "\n\n"));
		}

		public void writeJson(int status, String json) throws IOException {
			write("HTTP/1.1 " + status + " Status\r\nContent-Type: application/json\r\nContent-Length: "
					+ json.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + json);
		}

		/**
		 * Waits until the client has closed the connection.
		 */
		public void awaitDisconnect() throws IOException {
			int read = this.in.read();
			if (read >= 0) {
				throw new IOException("Unexpected byte " + read);
			}
			throw new IOException("Disconnected");
		}

		public void reset() throws IOException {
			this.socket.setSoLinger(true, 0);
			this.socket.close();
			throw new IOException("Reset by the server");
		}

		private boolean readRequest(String early) throws IOException {
			StringBuilder text = new StringBuilder();
			while (text.indexOf("\r\n\r\n") < 0) {
				int read = this.in.read();
				if (read < 0) {
					return false;
				}
				text.append((char) read);
			}
			this.head = text.toString();
			write(early);
			int length = 0;
			for (String line : this.head.split("\r\n")) {
				if (line.toLowerCase(java.util.Locale.ROOT).startsWith("content-length:")) {
					length = Integer.parseInt(line.substring(15).trim());
				}
			}
			this.body = new String(this.in.readNBytes(length), StandardCharsets.UTF_8);
			return true;
		}

	}

}
