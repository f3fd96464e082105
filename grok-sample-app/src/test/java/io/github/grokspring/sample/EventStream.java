package io.github.grokspring.sample;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Server-sent events, read one at a time as they arrive.
 */
final class EventStream implements AutoCloseable {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final JsonMapper JSON = JsonMapper.shared();

	private final HttpResponse<InputStream> response;

	private final BufferedReader reader;

	private EventStream(HttpResponse<InputStream> response) {
		this.response = response;
		this.reader = new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
	}

	static EventStream open(String uri) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(uri)));
	}

	static EventStream post(String uri, Object body) throws IOException, InterruptedException {
		return send(HttpRequest.newBuilder(URI.create(uri))
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
	}

	private static EventStream send(HttpRequest.Builder builder) throws IOException, InterruptedException {
		HttpRequest request = builder.header("Accept", "text/event-stream").timeout(PATIENCE).build();
		HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
		return new EventStream(client.send(request, HttpResponse.BodyHandlers.ofInputStream()));
	}

	int status() {
		return this.response.statusCode();
	}

	String contentType() {
		return this.response.headers().firstValue("Content-Type").orElse("");
	}

	/**
	 * Wait for the next event.
	 * @return the event, {@code null} at the end of the stream
	 */
	@Nullable Event next() throws IOException {
		String name = null;
		StringBuilder data = new StringBuilder();
		for (String line = this.reader.readLine(); line != null; line = this.reader.readLine()) {
			if (line.startsWith("event:")) {
				name = line.substring("event:".length()).strip();
			}
			else if (line.startsWith("data:")) {
				data.append(line.substring("data:".length()));
			}
			else if (line.isEmpty() && !data.isEmpty()) {
				return new Event(name, JSON.readTree(data.toString()));
			}
		}
		return null;
	}

	List<Event> rest() throws IOException {
		List<Event> events = new ArrayList<>();
		for (Event event = next(); event != null; event = next()) {
			events.add(event);
		}
		return events;
	}

	@Override
	public void close() throws IOException {
		this.response.body().close();
	}

	record Event(@Nullable String name, JsonNode data) {

		boolean is(String name) {
			return name.equals(this.name);
		}

	}

}
