package io.github.grokspring.test;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.assertj.core.api.Assertions;
import tools.jackson.databind.JsonNode;

/**
 * Client that sends requests to an {@link XaiServer}.
 */
final class TestClient {

	private static final HttpClient CLIENT = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

	private final XaiServer server;

	TestClient(XaiServer server) {
		this.server = server;
	}

	HttpResponse<String> chat(String body) {
		return send(post("/chat/completions", body));
	}

	HttpResponse<String> ask(String model, String further) {
		return chat(question(model, further));
	}

	HttpResponse<String> responses(String body) {
		return send(post("/responses", body));
	}

	HttpResponse<String> respond(String model, String further) {
		return responses(input(model, "\"What is new?\"", further));
	}

	List<JsonNode> responseEvents(String further) {
		return responseEvents(
				respond("grok-4.3", further.isEmpty() ? "\"stream\":true" : "\"stream\":true," + further));
	}

	List<String> events(String body) {
		return events(chat(body));
	}

	HttpResponse<String> get(String path) {
		return send(request(path).GET());
	}

	HttpRequest.Builder post(String path, String body) {
		return request(path).header("content-type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body));
	}

	HttpRequest.Builder request(String path) {
		return HttpRequest.newBuilder(URI.create(this.server.baseUrl() + path))
			.timeout(Duration.ofSeconds(20))
			.header("authorization", "Bearer " + this.server.apiKey());
	}

	static HttpResponse<String> send(HttpRequest.Builder request) {
		try {
			return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new java.io.UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			throw new IllegalStateException(ex);
		}
	}

	static HttpResponse<Stream<String>> lines(HttpRequest.Builder request) throws Exception {
		return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofLines());
	}

	static List<String> events(HttpResponse<String> response) {
		return response.body()
			.lines()
			.filter((line) -> line.startsWith("data: "))
			.map((line) -> line.substring("data: ".length()))
			.toList();
	}

	/**
	 * Returns the data of the events, after checking that their names match their types.
	 */
	static List<JsonNode> responseEvents(HttpResponse<String> response) {
		List<JsonNode> events = new ArrayList<>();
		for (String event : response.body().split("\n\n")) {
			String[] lines = event.split("\n");
			JsonNode data = json(lines[1].substring("data: ".length()));
			Assertions.assertThat(lines).hasSize(2);
			Assertions.assertThat(lines[0]).isEqualTo("event: " + data.get("type").stringValue());
			Assertions.assertThat(data.get("sequence_number").intValue()).isEqualTo(events.size());
			events.add(data);
		}
		return events;
	}

	static List<String> types(List<JsonNode> nodes) {
		return nodes.stream().map((node) -> node.get("type").stringValue()).toList();
	}

	static JsonNode json(String text) {
		return Json.LENIENT.readTree(text);
	}

	static JsonNode json(HttpResponse<String> response) {
		return json(response.body());
	}

	static String input(String model, String input, String further) {
		return "{\"model\":\"" + model + "\",\"input\":" + input + (further.isEmpty() ? "" : "," + further) + "}";
	}

	static String question(String model, String further) {
		return "{\"model\":\"" + model + "\",\"messages\":[{\"role\":\"user\",\"content\":\"What is new?\"}]"
				+ (further.isEmpty() ? "" : "," + further) + "}";
	}

}
