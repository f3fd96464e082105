package io.github.grokspring;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.chain.ChatModelDecorator;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.ApiRequest;
import io.github.grokspring.connection.EchoFilter;
import io.github.grokspring.connection.ErrorTranslator;
import io.github.grokspring.connection.EventDecoder;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.connection.ResponseHeaders;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.responses.ResponsesModel;
import io.github.grokspring.scrub.RunawayGuardChatModel;
import io.github.grokspring.scrub.RunawayGuardSettings;
import io.github.grokspring.tool.Citation;
import io.github.grokspring.tool.ToolUse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.netty.DisposableServer;
import reactor.netty.http.server.HttpServer;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Replays recorded answers of xAI through the real client: over a socket, in odd pieces.
 * The folder is given by the system property {@code xai.corpus} and described by its
 * {@code index.json}; no file is known by name here.
 */
class CorpusReplayTests {

	private static final JsonMapper JSON = JsonMapper.shared();

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final String CHAT = "/v1/chat/completions";

	private static final String RESPONSES = "/v1/responses";

	/**
	 * What a text of xAI means, written down independently of the client.
	 */
	private static final List<Expectation> EXPECTATIONS = List.of(
			expect("incorrect api key", ErrorKind.INVALID_API_KEY),
			expect("no-credentials|no credentials", ErrorKind.MISSING_API_KEY),
			expect("credits|spending[ -]limit|licenses", ErrorKind.INSUFFICIENT_CREDITS),
			expect("usage guidelines|safety_check", ErrorKind.SAFETY_REFUSAL),
			expect("maximum prompt length", ErrorKind.CONTEXT_TOO_LONG),
			expect("does not support|not supported on this model|invalid reasoning effort",
					ErrorKind.UNSUPPORTED_PARAMETER),
			expect("model .*(does not exist|was deprecated)|model not found", ErrorKind.MODEL_NOT_FOUND),
			expect("live search is deprecated", ErrorKind.FEATURE_REMOVED),
			expect("timed out waiting|currently unavailable|temporarily unavailable", ErrorKind.OVERLOADED),
			expect("too many (requests|tokens)", ErrorKind.RATE_LIMITED));

	private static final Map<Integer, ErrorKind> BY_STATUS = Map.ofEntries(Map.entry(200, ErrorKind.SERVER_ERROR),
			Map.entry(400, ErrorKind.INVALID_REQUEST), Map.entry(401, ErrorKind.MISSING_API_KEY),
			Map.entry(403, ErrorKind.PERMISSION_DENIED), Map.entry(404, ErrorKind.MODEL_NOT_FOUND),
			Map.entry(410, ErrorKind.FEATURE_REMOVED), Map.entry(413, ErrorKind.INVALID_REQUEST),
			Map.entry(415, ErrorKind.INVALID_REQUEST), Map.entry(422, ErrorKind.INVALID_REQUEST),
			Map.entry(429, ErrorKind.RATE_LIMITED), Map.entry(500, ErrorKind.SERVER_ERROR),
			Map.entry(502, ErrorKind.OVERLOADED), Map.entry(503, ErrorKind.OVERLOADED),
			Map.entry(504, ErrorKind.OVERLOADED), Map.entry(529, ErrorKind.OVERLOADED));

	private static final Predicate<Recording> WHOLE_CHAT_ANSWER = (recording) -> recording.isChat()
			&& recording.succeeded() && !recording.stream() && recording.json().has("choices");

	private static final Predicate<Recording> STREAMED_CHAT_ANSWER = (recording) -> recording.isChat()
			&& recording.succeeded() && recording.stream();

	private static final Predicate<Recording> WHOLE_RESPONSE = (recording) -> recording.isResponse()
			&& recording.succeeded() && !recording.stream() && recording.json().has("output");

	private static final Predicate<Recording> STREAMED_RESPONSE = (recording) -> recording.isResponse()
			&& recording.succeeded() && recording.stream();

	private static final Predicate<Recording> ERROR = (recording) -> !recording.succeeded();

	private static final Predicate<Recording> REPLAYED = WHOLE_CHAT_ANSWER.or(STREAMED_CHAT_ANSWER)
		.or(WHOLE_RESPONSE)
		.or(STREAMED_RESPONSE)
		.or(ERROR);

	private static final List<String> RUN_BY_THE_APPLICATION = List.of("function_call", "shell_call");

	private static DisposableServer server;

	private static ReactorXaiHttpClient exchange;

	private static GrokChatModel model;

	private static GrokChatModel responses;

	private static volatile Recording playing;

	@BeforeAll
	static void start() {
		server = HttpServer.create().host("127.0.0.1").port(0).handle((request, response) -> {
			Recording recording = playing;
			response.status(recording.status());
			recording.headers().forEach(response::header);
			return response.sendByteArray(
					request.receive().aggregate().asByteArray().then(Mono.empty()).thenMany(recording.pieces()));
		}).bindNow();
		exchange = ReactorXaiHttpClient
			.create(HttpSettings.defaults().withBaseUrl("http://127.0.0.1:" + server.port() + "/v1"), () -> "xai-test");
		ChatModelDecorator guard = RunawayGuardChatModel.decorator(RunawayGuardSettings.DEFAULT, (event) -> {
			throw new AssertionError("No recorded answer repeats itself without end");
		});
		model = GrokChatModel.builder("chat-completions", ChatCompletionsModel.builder(exchange).build())
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(guard))
			.build();
		responses = GrokChatModel.builder("responses", ResponsesModel.builder(exchange).build())
			.options(GrokChatOptions.builder().model("grok-4.3").encryptedReasoning(true).build())
			.decorators(List.of(guard))
			.build();
	}

	@AfterAll
	static void stop() {
		exchange.close();
		server.disposeNow();
	}

	@TestFactory
	Stream<DynamicTest> wholeChatAnswersComeThrough() {
		return replay(WHOLE_CHAT_ANSWER, this::answerComesThrough);
	}

	@TestFactory
	Stream<DynamicTest> streamedChatAnswersComeThrough() {
		return replay(STREAMED_CHAT_ANSWER, this::streamComesThrough);
	}

	@TestFactory
	Stream<DynamicTest> wholeResponsesComeThrough() {
		return replay(WHOLE_RESPONSE,
				(recording) -> responseComesThrough(responses.call(new Prompt("hi")), recording.json(), ""));
	}

	@TestFactory
	Stream<DynamicTest> streamedResponsesComeThrough() {
		return replay(STREAMED_RESPONSE, this::responseStreamComesThrough);
	}

	@TestFactory
	Stream<DynamicTest> errorsHaveTheirKind() {
		return replay(ERROR, this::errorHasItsKind);
	}

	@TestFactory
	Stream<DynamicTest> otherEndpointsAreSkipped() {
		Map<String, List<String>> skipped = recordings().filter(REPLAYED.negate())
			.collect(Collectors.groupingBy(Recording::path, TreeMap::new,
					Collectors.mapping(Recording::file, Collectors.toList())));
		return skipped.entrySet().stream().map((entry) -> DynamicTest.dynamicTest(entry.getKey(), () -> {
			String reason = "Not replayed, because the client does not read text from " + entry.getKey() + ": "
					+ entry.getValue();
			System.out.println(reason);
			Assumptions.abort(reason);
		}));
	}

	@Test
	void everyAnswerOfAnEndpointForTextIsReplayed() {
		Map<Boolean, List<Recording>> all = recordings().collect(Collectors.partitioningBy(REPLAYED));
		System.out.println("Answers replayed: " + all.get(true).size() + ", of them responses: "
				+ all.get(true).stream().filter(Recording::isResponse).count());
		assertThat(all.get(false))
			.filteredOn((recording) -> recording.post()
					&& (recording.isResponse() || (recording.isChat() && !recording.isDeferred())))
			.isEmpty();
	}

	private void answerComesThrough(Recording recording) {
		ChatResponse response = model.call(new Prompt("hi"));
		JsonNode choice = recording.json().at("/choices/0");
		AssistantMessage message = response.getResult().getOutput();
		assertThat(message.getText()).isEqualTo(choice.at("/message/content").asString(""));
		assertThat(message.getMetadata().getOrDefault("reasoning", ""))
			.isEqualTo(choice.at("/message/reasoning_content").asString(""));
		assertThat(message.getToolCalls()).isEqualTo(toolCalls(choice.at("/message/tool_calls")));
		assertThat(response.getResult().getMetadata().getFinishReason())
			.isEqualTo(choice.at("/finish_reason").asString("").toUpperCase(Locale.ROOT));
		assertMetadata(response, recording.json());
	}

	private void streamComesThrough(Recording recording) {
		List<ChatResponse> elements = model.stream(new Prompt("hi")).collectList().block(PATIENCE);
		StringBuilder text = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		List<AssistantMessage.ToolCall> toolCalls = new ArrayList<>();
		String finishReason = "";
		JsonNode withUsage = JSON.createObjectNode();
		for (JsonNode chunk : recording.chunks()) {
			JsonNode choice = chunk.at("/choices/0");
			text.append(choice.at("/delta/content").asString(""));
			reasoning.append(choice.at("/delta/reasoning_content").asString(""));
			toolCalls.addAll(toolCalls(choice.at("/delta/tool_calls")));
			finishReason = choice.at("/finish_reason").asString(finishReason);
			withUsage = chunk.hasNonNull("usage") ? chunk : withUsage;
		}
		assertThat(elements).isNotEmpty();
		ChatResponse last = elements.get(elements.size() - 1);
		assertThat(elements.stream().map((element) -> element.getResult().getOutput().getText()))
			.satisfies((texts) -> assertThat(String.join("", texts)).isEqualTo(text.toString()));
		assertThat(elements.stream()
			.map((element) -> element.getResult().getOutput().getMetadata().getOrDefault("reasoning-delta", ""))
			.map(Object::toString)
			.reduce("", String::concat)).isEqualTo(reasoning.toString());
		assertThat(last.getMetadata().getOrDefault("reasoning", "")).isEqualTo(reasoning.toString());
		assertThat(last.getResult().getOutput().getToolCalls()).isEqualTo(toolCalls);
		assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo(finishReason.toUpperCase(Locale.ROOT));
		assertMetadata(last, withUsage);
	}

	private void responseStreamComesThrough(Recording recording) {
		List<ChatResponse> elements = responses.stream(new Prompt("hi")).collectList().block(PATIENCE);
		assertThat(elements).isNotEmpty();
		String text = joined(elements, (message) -> message.getText());
		StringBuilder deltas = new StringBuilder();
		StringBuilder reasoning = new StringBuilder();
		for (JsonNode event : recording.chunks()) {
			switch (event.path("type").asString()) {
				case "response.output_text.delta" -> deltas.append(event.path("delta").asString());
				case "response.reasoning_summary_text.delta" -> reasoning.append(event.path("delta").asString());
				default -> {
					// read with the response at the end
				}
			}
		}
		assertThat(text).isEqualTo(deltas.toString());
		assertThat(joined(elements, (message) -> message.getMetadata().getOrDefault("reasoning-delta", "")))
			.isEqualTo(reasoning.toString());
		JsonNode last = recording.chunks().get(recording.chunks().size() - 1);
		responseComesThrough(elements.get(elements.size() - 1), last.path("response"), text);
	}

	private static String joined(List<ChatResponse> elements, Function<AssistantMessage, Object> piece) {
		return elements.stream()
			.map((element) -> String.valueOf(piece.apply(element.getResult().getOutput())))
			.collect(Collectors.joining());
	}

	private void responseComesThrough(ChatResponse response, JsonNode answer, String textBefore) {
		AssistantMessage message = response.getResult().getOutput();
		String text = answer.path("output")
			.valueStream()
			.flatMap((item) -> item.path("content").valueStream())
			.map((part) -> part.path("text").asString(""))
			.collect(Collectors.joining());
		assertThat(textBefore + message.getText()).isEqualTo(text);
		assertThat(message.getMetadata().getOrDefault("reasoning", ""))
			.isEqualTo(items(answer, "reasoning").flatMap((item) -> item.path("summary").valueStream())
				.map((part) -> part.path("text").asString())
				.collect(Collectors.joining()));
		assertThat(message.getToolCalls()).isEqualTo(items(answer, "function_call")
			.map((item) -> new AssistantMessage.ToolCall(item.path("call_id").asString(), "function",
					item.path("name").asString(), item.path("arguments").asString()))
			.toList());
		assertCitations(response, answer, text);
		assertToolUses(response, answer);
		assertKeptItems(message, answer);
		boolean incomplete = "incomplete".equals(answer.path("status").asString());
		assertThat(response.getResult().getMetadata().getFinishReason())
			.isEqualTo(incomplete ? "LENGTH" : message.hasToolCalls() ? "TOOL_CALLS" : "STOP");
		JsonNode usage = answer.path("usage");
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(usage.path("input_tokens").asInt());
		assertThat(response.getMetadata().getUsage().getCompletionTokens())
			.isEqualTo(usage.path("output_tokens").asInt());
		assertThat(response.getMetadata().getUsage().getTotalTokens()).isEqualTo(usage.path("total_tokens").asInt());
		assertThat(response.getMetadata().getUsage().getCacheReadInputTokens())
			.isEqualTo(usage.at("/input_tokens_details/cached_tokens").asLong());
		assertThat(response.getMetadata().getUsage().getNativeUsage()).isEqualTo(JSON.convertValue(usage, Map.class));
		assertThat(response.getMetadata().getModel()).isEqualTo(answer.path("model").asString());
		assertThat(response.getMetadata().getId()).isEqualTo(answer.path("id").asString());
	}

	private static void assertCitations(ChatResponse response, JsonNode answer, String text) {
		List<JsonNode> annotations = answer.path("output")
			.valueStream()
			.flatMap((item) -> item.path("content").valueStream())
			.flatMap((part) -> part.path("annotations").valueStream())
			.toList();
		List<Citation> citations = new ArrayList<>();
		if (response.getMetadata().get("citations") instanceof List<?> list) {
			list.forEach((citation) -> citations.add((Citation) citation));
		}
		assertThat(citations).extracting(Citation::url)
			.containsExactlyElementsOf(
					annotations.stream().map((annotation) -> annotation.path("url").asString()).toList());
		assertThat(citations).filteredOn(Citation::isMarked)
			.allSatisfy((citation) -> assertThat(text.substring(citation.start(), citation.end()))
				.isEqualTo("[[" + citation.title() + "]](" + citation.url() + ")"));
	}

	private static void assertToolUses(ChatResponse response, JsonNode answer) {
		List<String> types = answer.path("output")
			.valueStream()
			.filter((item) -> item.path("type").asString().endsWith("_call")
					&& !RUN_BY_THE_APPLICATION.contains(item.path("type").asString()))
			.map(CorpusReplayTests::toolOf)
			.toList();
		List<?> uses = (response.getMetadata().get("grok.tools") instanceof List<?> list) ? list : List.of();
		assertThat(uses).extracting((use) -> ((ToolUse) use).type()).isEqualTo(types);
	}

	// xAI reports its searches on X, and others of its own tools, as custom tools.
	private static String toolOf(JsonNode item) {
		String type = item.path("type").asString();
		String name = item.path("name").asString("");
		if (!"custom_tool_call".equals(type) || name.isEmpty()) {
			return type.replaceFirst("_call$", "");
		}
		return name.startsWith("x_") ? "x_search" : name;
	}

	private static void assertKeptItems(AssistantMessage message, JsonNode answer) {
		List<JsonNode> encrypted = items(answer, "reasoning").filter((item) -> item.hasNonNull("encrypted_content"))
			.toList();
		if (message.getMetadata().get("grok.reasoning-items") instanceof List<?> kept) {
			assertThat(kept.stream()
				.map(Object::toString)
				.filter((item) -> item.startsWith("{"))
				.map(JSON::readTree)
				.filter((item) -> "reasoning".equals(item.path("type").asString()))).isEqualTo(encrypted);
		}
		else {
			assertThat(encrypted).isEmpty();
		}
	}

	private static Stream<JsonNode> items(JsonNode answer, String type) {
		return answer.path("output").valueStream().filter((item) -> type.equals(item.path("type").asString()));
	}

	private void errorHasItsKind(Recording recording) {
		Mono<?> answer = recording.stream() ? exchange.stream(request(recording), RefusingDecoder::new).then()
				: exchange.exchange(request(recording));
		GrokApiException ex = catchThrowableOfType(GrokApiException.class, () -> answer.block(PATIENCE));
		assertThat(ex).isNotNull();
		assertThat(ex.kind()).isEqualTo(recording.expectedKind());
		assertThat(ex.status()).isEqualTo(recording.status());
		assertThat(ex.getMessage()).isNotBlank();
	}

	private static void assertMetadata(ChatResponse response, JsonNode answer) {
		JsonNode usage = answer.path("usage");
		// In some recordings more is cached, and billed, than the prompt has
		int prompt = usage.path("prompt_tokens").asInt(0);
		int billed = Math.max(prompt, usage.path("prompt_tokens_details").path("cached_tokens").asInt(0));
		assertThat(response.getMetadata().getUsage().getPromptTokens()).isEqualTo(billed);
		assertThat(response.getMetadata().getUsage().getTotalTokens())
			.isEqualTo(usage.path("total_tokens").asInt(0) + billed - prompt);
		if (answer.has("model")) {
			assertThat(response.getMetadata().getModel()).isEqualTo(answer.path("model").asString());
			assertThat(response.getMetadata().getId()).isEqualTo(answer.path("id").asString());
		}
	}

	private static List<AssistantMessage.ToolCall> toolCalls(JsonNode calls) {
		return calls.valueStream()
			.map((call) -> new AssistantMessage.ToolCall(call.path("id").asString(), "function",
					call.at("/function/name").asString(), call.at("/function/arguments").asString()))
			.toList();
	}

	private static ApiRequest request(Recording recording) {
		return new ApiRequest("POST", recording.path(), Map.of(), (out) -> out.write('{'), PATIENCE, PATIENCE,
				"grok-4.3");
	}

	private static Stream<Recording> recordings() {
		String folder = System.getProperty("xai.corpus", "");
		Assumptions.assumeFalse(folder.isBlank(),
				"The system property 'xai.corpus' names no folder of recorded answers to replay");
		return Recording.all(Path.of(folder));
	}

	private static Stream<DynamicTest> replay(Predicate<Recording> selection, TestBody body) {
		return recordings().filter(selection)
			.toList()
			.stream()
			.map((recording) -> DynamicTest.dynamicTest(recording.file(), () -> {
				playing = recording;
				body.run(recording);
			}));
	}

	private static Expectation expect(String pattern, ErrorKind kind) {
		return new Expectation(Pattern.compile(pattern, Pattern.CASE_INSENSITIVE | Pattern.DOTALL), kind);
	}

	@FunctionalInterface
	interface TestBody {

		void run(Recording recording);

	}

	/**
	 * Knows nothing but errors.
	 */
	record RefusingDecoder(ResponseHeaders headers) implements EventDecoder<Object> {

		@Override
		public void onEvent(String event, byte[] buffer, int offset, int length) {
			throw ErrorTranslator.fromEvent(buffer, offset, length, this.headers, null, EchoFilter.NONE);
		}

		@Override
		public List<Object> drain() {
			return List.of();
		}

		@Override
		public List<Object> complete() {
			return List.of();
		}

		@Override
		public boolean isWriting() {
			return false;
		}

	}

	record Expectation(Pattern pattern, ErrorKind kind) {

	}

	record Recording(String file, String path, boolean post, int status, boolean stream, Map<String, String> headers,
			byte[] body) {

		private static final List<String> NOT_REPLAYED = List.of("content-length", "transfer-encoding", "connection",
				"content-encoding");

		static Stream<Recording> all(Path folder) {
			return JSON.readTree(bytes(folder.resolve("index.json"))).valueStream().map((entry) -> {
				String file = entry.path("file").asString();
				Map<String, String> headers = new TreeMap<>();
				entry.path("headers").properties().forEach((header) -> {
					String name = header.getKey().toLowerCase(Locale.ROOT);
					if (!NOT_REPLAYED.contains(name)) {
						headers.put(name, header.getValue().asString(""));
					}
				});
				boolean stream = file.endsWith(".sse");
				headers.putIfAbsent("content-type", stream ? "text/event-stream" : "application/json");
				return new Recording(file, entry.path("endpoint").asString().replaceFirst("^/v1", ""),
						"POST".equals(entry.path("method").asString()), entry.path("status").asInt(), stream, headers,
						bytes(folder.resolve(file)));
			});
		}

		boolean isChat() {
			return CHAT.equals("/v1" + this.path);
		}

		boolean isResponse() {
			return RESPONSES.equals("/v1" + this.path);
		}

		/** Whether it is but a promise of an answer. */
		boolean isDeferred() {
			return !this.stream && json().has("request_id") && !json().has("choices");
		}

		boolean succeeded() {
			return this.status < 300 && !text().contains("\"type\":\"error\"") && !isFlatError();
		}

		private boolean isFlatError() {
			if (this.stream || this.body.length == 0) {
				return false;
			}
			JsonNode json = json();
			return json.hasNonNull("error") && json.has("code") && !json.has("choices") && !json.has("output");
		}

		ErrorKind expectedKind() {
			return EXPECTATIONS.stream()
				.filter((expectation) -> expectation.pattern().matcher(text()).find())
				.map(Expectation::kind)
				.findFirst()
				.orElseGet(() -> BY_STATUS.getOrDefault(this.status, ErrorKind.UNKNOWN));
		}

		JsonNode json() {
			return JSON.readTree(this.body);
		}

		List<JsonNode> chunks() {
			return text().lines()
				.filter((line) -> line.startsWith("data:"))
				.map((line) -> line.substring("data:".length()).trim())
				.filter((data) -> !"[DONE]".equals(data))
				.map(JSON::readTree)
				.toList();
		}

		/**
		 * The body in pieces of 701 bytes, which end in the middle of lines, escapes and
		 * characters.
		 */
		Flux<byte[]> pieces() {
			int size = 701;
			return Flux.fromStream(IntStream.iterate(0, (start) -> start < this.body.length, (start) -> start + size)
				.mapToObj((start) -> Arrays.copyOfRange(this.body, start, Math.min(this.body.length, start + size))));
		}

		String text() {
			return new String(this.body, StandardCharsets.UTF_8);
		}

		private static byte[] bytes(Path file) {
			try {
				return Files.readAllBytes(file);
			}
			catch (IOException ex) {
				throw new IllegalStateException("Cannot read recording", ex);
			}
		}

	}

}
