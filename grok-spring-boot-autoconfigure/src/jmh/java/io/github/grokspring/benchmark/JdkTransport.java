package io.github.grokspring.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Flow;

import io.github.grokspring.test.XaiServer;

/**
 * The HTTP client of the JDK with nothing above it, as a yardstick: it writes a constant
 * body, splits answers into lines and does not read their JSON.
 */
final class JdkTransport implements Transport {

	private static final String BODY = "{\"model\":\"" + MODEL + "\",\"messages\":[{\"role\":\"user\",\"content\":\""
			+ QUESTION + "\"}]";

	private static final byte[] CALL = (BODY + "}").getBytes(StandardCharsets.UTF_8);

	private static final byte[] STREAM = (BODY + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}")
		.getBytes(StandardCharsets.UTF_8);

	private final HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final URI uri;

	JdkTransport(String baseUrl) {
		this.uri = URI.create(baseUrl + "/chat/completions");
	}

	@Override
	public String call() {
		try {
			return this.client.send(request(CALL), HttpResponse.BodyHandlers.ofString()).body();
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	@Override
	public void stream(Wave.Listener listener) {
		this.client.sendAsync(request(STREAM), HttpResponse.BodyHandlers.fromLineSubscriber(new Lines(listener)))
			.whenComplete((response, failure) -> {
				if (failure != null) {
					listener.fail(failure);
				}
			});
	}

	@Override
	public void close() {
		// Its threads end with the process.
	}

	private HttpRequest request(byte[] body) {
		return HttpRequest.newBuilder(this.uri)
			.header("Authorization", "Bearer " + XaiServer.API_KEY)
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofByteArray(body))
			.build();
	}

	private static final class Lines implements Flow.Subscriber<String> {

		private final Wave.Listener listener;

		private Lines(Wave.Listener listener) {
			this.listener = listener;
		}

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(String line) {
			if (line.contains("\"content\":\"") && !line.contains("\"content\":\"\"")) {
				this.listener.text(line);
			}
		}

		@Override
		public void onError(Throwable failure) {
			this.listener.fail(failure);
		}

		@Override
		public void onComplete() {
			this.listener.end();
		}

	}

}
