package io.github.grokspring.test;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.RegisterExtension;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Compares responses of the server to recordings of xAI: for the same request and
 * content, all fields must have the same types, and streams must have the same order of
 * events. The system property {@code xai.corpus} names the folder of recordings, which
 * its {@code index.json} describes. Recordings from before 2026 have an older format and
 * are skipped.
 */
class CorpusShapeTests {

	private static final String CORPUS = "xai.corpus";

	private static final String OLDEST = "2026-01-01";

	private static final Set<String> REQUEST_FIELDS = Set.of("instructions", "max_output_tokens", "parallel_tool_calls",
			"prompt_cache_key", "store", "text", "tool_choice", "user");

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final TestClient calls = new TestClient(xai);

	@TestFactory
	Stream<DynamicTest> matchesRecordings() throws IOException {
		String folder = System.getProperty(CORPUS, "");
		if (folder.isBlank()) {
			return Stream.of(DynamicTest.dynamicTest("no recorded answers", () -> Assumptions
				.abort("No recorded answers: give their folder with -D" + CORPUS + "=/path/to/corpus")));
		}
		Path corpus = Path.of(folder);
		JsonNode index = TestClient.json(Files.readString(corpus.resolve("index.json")));
		List<JsonNode> entries = StreamSupport.stream(index.spliterator(), false)
			.filter(CorpusShapeTests::isRecordedResponse)
			.toList();
		assertThat(entries).isNotEmpty();
		return entries.stream()
			.map((entry) -> DynamicTest.dynamicTest(entry.get("file").stringValue(),
					() -> compare(Files.readString(corpus.resolve(entry.get("file").stringValue())),
							entry.get("stream").booleanValue())));
	}

	private static boolean isRecordedResponse(JsonNode entry) {
		return "/v1/responses".equals(entry.get("endpoint").stringValue())
				&& "POST".equals(entry.get("method").stringValue()) && entry.get("status").intValue() == 200
				&& "recorded".equals(entry.get("kind").stringValue())
				&& entry.get("date").stringValue().compareTo(OLDEST) >= 0;
	}

	private void compare(String recording, boolean stream) {
		xai.reset();
		List<JsonNode> recorded = stream ? data(recording) : List.of(TestClient.json(recording));
		JsonNode whole = stream ? recorded.get(recorded.size() - 1).get("response") : recorded.get(0);
		say(whole);
		HttpResponse<String> response = this.calls.responses(request(whole, stream).toString());
		assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
		List<JsonNode> played = stream ? TestClient.responseEvents(response) : List.of(TestClient.json(response));
		assertThat(shape(played)).containsAll(shape(recorded));
		if (stream) {
			assertThat(withoutRepetition(TestClient.types(played)))
				.containsSubsequence(withoutRepetition(TestClient.types(recorded)));
		}
	}

	private static void say(JsonNode recorded) {
		String text = ResponsesTests.text(recorded);
		Answer answer = text.isEmpty() ? xai.answersInChunks(0) : xai.answers("Said.");
		answer.usage(10, 5);
		for (JsonNode item : recorded.get("output")) {
			switch (item.get("type").stringValue()) {
				case "reasoning" -> answer.reasoning("Thought.").reasoningTokens(1);
				case "function_call" -> answer.andToolCall("f", "{}");
				case "web_search_call" -> visit(answer, item.get("action"));
				case "custom_tool_call" -> answer.searchingX("q");
				case "code_interpreter_call" -> answer.runningCode("c");
				case "file_search_call" -> answer.searchingFiles("q", "t");
				case "mcp_call" -> answer.callingMcp("s", "t", "{}", "o");
				case "image_generation_call" -> answer.makingAnImage("p");
				default -> {
					if (!item.at("/content/0/annotations").isEmpty()) {
						answer.citing("https://example.com");
					}
				}
			}
		}
		JsonNode incomplete = recorded.at("/incomplete_details/reason");
		if (incomplete.isString()) {
			answer.incomplete(incomplete.stringValue());
		}
	}

	private static void visit(Answer answer, JsonNode action) {
		switch (action.get("type").stringValue()) {
			case "open_page" -> answer.openingPage("https://example.com");
			case "find_in_page" -> answer.findingInPage("https://example.com", "x");
			default -> answer.searchingTheWeb("q", "https://example.com");
		}
	}

	private static ObjectNode request(JsonNode recorded, boolean stream) {
		ObjectNode request = Json.LENIENT.createObjectNode()
			.put("model", recorded.get("model").stringValue())
			.put("input", "Hi")
			.put("stream", stream);
		recorded.forEachEntry((name, value) -> {
			if (REQUEST_FIELDS.contains(name)) {
				request.set(name, value);
			}
		});
		ArrayNode tools = request.putArray("tools");
		for (JsonNode tool : recorded.get("tools")) {
			ObjectNode requested = tool.deepCopy().asObject();
			requested.remove("search_context_size");
			tools.add(requested);
		}
		if (!recorded.findValues("encrypted_content").isEmpty()) {
			request.putArray("include").add("reasoning.encrypted_content");
		}
		return request;
	}

	private static List<JsonNode> data(String recording) {
		return recording.lines()
			.filter((line) -> line.startsWith("data: {"))
			.map((line) -> TestClient.json(line.substring("data: ".length())))
			.toList();
	}

	private static Set<String> shape(List<JsonNode> nodes) {
		Set<String> shape = new TreeSet<>();
		nodes.forEach((node) -> addShape(node.path("type").stringValue(""), node, shape));
		return shape;
	}

	private static void addShape(String path, JsonNode node, Set<String> shape) {
		shape.add(path + ": " + node.getNodeType());
		if (node.isArray()) {
			for (JsonNode element : node) {
				addShape(path + "[" + element.path("type").stringValue("") + "]", element, shape);
			}
		}
		node.forEachEntry((name, value) -> addShape(path + "." + name, value, shape));
	}

	private static List<String> withoutRepetition(List<String> types) {
		List<String> list = new ArrayList<>();
		for (String type : types) {
			if (list.isEmpty() || !list.get(list.size() - 1).equals(type)) {
				list.add(type);
			}
		}
		return list;
	}

}
