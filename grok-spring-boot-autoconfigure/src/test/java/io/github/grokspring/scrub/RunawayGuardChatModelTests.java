package io.github.grokspring.scrub;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.chain.Invocation;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.GrokEvent;
import io.github.grokspring.event.OutputStopped;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import reactor.core.publisher.Flux;

import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.metadata.ChatGenerationMetadata;
import org.springframework.ai.chat.metadata.ChatResponseMetadata;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests for {@link RunawayGuardChatModel}.
 */
@ExtendWith(OutputCaptureExtension.class)
class RunawayGuardChatModelTests {

	private static final String EXPLANATION = "grok.explanation";

	private static final String RUNAWAY = "I will now call the tool.<|tool_call_end|>\n".repeat(500);

	private static final OutputStopped STOPPED = new OutputStopped("desk", "grok-4.7", "runaway");

	private final List<GrokEvent> events = new CopyOnWriteArrayList<>();

	@ParameterizedTest
	@MethodSource("runaways")
	void cancelsRepetitiveStream(String text) {
		for (boolean reasoning : List.of(false, true)) {
			this.events.clear();
			AtomicBoolean cancelled = new AtomicBoolean();
			List<ChatResponse> seen = new ArrayList<>();
			RecordingChatModel transport = new RecordingChatModel(
					(options) -> Flux.fromIterable(pieces(text, reasoning))
						.concatWith(Flux.never())
						.doOnCancel(() -> cancelled.set(true)));
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> model(transport).stream(prompt()).doOnNext(seen::add).blockLast())
				.satisfies((ex) -> {
					assertThat(ex.kind()).isEqualTo(ErrorKind.RUNAWAY_OUTPUT);
					assertThat(ex.isRetryable()).isFalse();
					assertThat(ex.isSent()).isTrue();
					assertThat(ex).hasMessageContaining("'grok-4.7'")
						.hasMessageContaining(reasoning ? "The reasoning contains" : "The text contains")
						.hasMessageContaining("runawayGuard(false)")
						.hasMessageContaining("'grok.runaway-guard.enabled'")
						.hasMessageNotContaining(text.substring(0, 1) + text.substring(0, 1));
				});
			assertThat(cancelled).isTrue();
			assertThat(seen).isNotEmpty().hasSizeLessThan(pieces(text, reasoning).size());
			assertThat(this.events).containsExactly(STOPPED);
		}
	}

	@ParameterizedTest
	@MethodSource("runaways")
	void returnsRepetitiveResponseWithExplanation(String text, CapturedOutput output) {
		for (boolean reasoning : List.of(false, true)) {
			ChatResponse whole = reasoning ? whole("short", text) : whole(text, "short");
			GrokChatModel model = model(RecordingChatModel.returning(whole));
			model.call(prompt());
			ChatResponse response = model.call(prompt());
			assertThat(response.getResults()).isEqualTo(whole.getResults());
			assertThat(response.getMetadata().<String>get(EXPLANATION))
				.startsWith(reasoning ? "The reasoning contains the same " : "The text contains the same ");
		}
		assertThat(this.events).containsOnly(STOPPED).hasSize(4);
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(2)
			.allMatch((line) -> line.contains("'grok-4.7' repeated itself"));
	}

	static Stream<String> runaways() {
		return Stream.of("a".repeat(21_000), RUNAWAY, "<|tool_call_end|>".repeat(1300), "\n".repeat(30_000),
				"Let me check.\n" + "wait, ".repeat(4000), "\uD83D\uDE00\u200D\uD83D\uDD25".repeat(5000),
				words(2000, 1).substring(0, 2000).repeat(55), words(300, 2) + words(900, 3).repeat(60));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("ordinary")
	void doesNotChangeOrdinaryOutput(String name, String text) {
		for (boolean reasoning : List.of(false, true)) {
			List<ChatResponse> pieces = pieces(text, reasoning);
			RecordingChatModel transport = new RecordingChatModel((options) -> Flux.fromIterable(pieces));
			assertThat(Invocation.STREAM.invoke(model(transport), prompt())).isEqualTo(pieces);
			ChatResponse whole = reasoning ? whole("", text) : whole(text, "");
			assertThat(model(RecordingChatModel.returning(whole)).call(prompt())).isEqualTo(whole);
		}
		assertThat(this.events).isEmpty();
	}

	static Stream<Arguments> ordinary() {
		Map<String, String> texts = new LinkedHashMap<>();
		texts.put("prose", words(200_000, 4));
		texts.put("code", lines(4000, (i) -> "\tprivate final int field" + i + " = 0;\n\n"));
		texts.put("table", "| a | b | c |\n|---|---|---|\n" + lines(5000, (i) -> "| " + i + " | 0 | 0.00 |\n"));
		texts.put("CSV", lines(9000, (i) -> i + ",,,,,,,,0,0,0,0\n"));
		texts.put("JSON array", "[" + lines(9000, (i) -> "{\"id\":" + i + ",\"value\":null},") + "]");
		texts.put("base64", base64(200_000));
		texts.put("base64 of zeros", "A".repeat(19_999));
		texts.put("song", ("La la la la, hey Jude\n".repeat(40) + words(80, 5)).repeat(20));
		texts.put("list", lines(20_000, (i) -> (i + 1) + ". item\n"));
		texts.put("YAML", lines(3000, (i) -> "  ".repeat(i % 40) + "key" + i + ":\n" + " ".repeat(200) + "- x\n"));
		texts.put("ruler", "-".repeat(19_999) + "\n" + "=".repeat(19_999));
		texts.put("49 repetitions", words(2000, 6).substring(0, 2000).repeat(49));
		texts.put("unit of 2001", words(2100, 7).substring(0, 2001).repeat(60));
		texts.put("interrupted repetition", ("ping ".repeat(3999) + "pong ").repeat(5));
		return texts.entrySet().stream().map((entry) -> Arguments.of(entry.getKey(), entry.getValue()));
	}

	@ParameterizedTest
	@EnumSource
	void ignoresToolCallArguments(Invocation invocation) {
		ChatResponse call = new ChatResponse(List.of(new Generation(AssistantMessage.builder()
			.content("")
			.toolCalls(List.of(new AssistantMessage.ToolCall("1", "function", "write",
					"{\"text\":\"" + "0".repeat(100_000) + "\"}")))
			.build(), ChatGenerationMetadata.builder().finishReason("TOOL_CALLS").build())));
		assertThat(invocation.invoke(model(RecordingChatModel.returning(call)), prompt())).containsExactly(call);
	}

	@ParameterizedTest
	@MethodSource("structured")
	void ignoresJson(UnaryOperator<GrokChatOptions.Builder> json) {
		String text = "[" + "0,".repeat(20_000) + "0]";
		for (Invocation invocation : Invocation.values()) {
			ChatResponse whole = whole(text, "");
			assertThat(invocation.invoke(model(RecordingChatModel.returning(whole)), prompt(json)))
				.containsExactly(whole);
		}
		RecordingChatModel thinking = new RecordingChatModel((options) -> Flux.fromIterable(pieces(RUNAWAY, true)));
		assertThatExceptionOfType(GrokApiException.class)
			.isThrownBy(() -> Invocation.STREAM.invoke(model(thinking), prompt(json)));
	}

	static Stream<UnaryOperator<GrokChatOptions.Builder>> structured() {
		return Stream.of((options) -> options.outputSchema("{\"type\":\"array\"}"),
				(options) -> options.responseFormat("json_object"),
				(options) -> options.extraBody(Map.of("response_format", Map.of("type", "json_schema"))),
				(options) -> options.extraBody(Map.of("text", Map.of("format", Map.of("type", "json_schema")))));
	}

	@Test
	void checksTextFormat() {
		for (UnaryOperator<GrokChatOptions.Builder> plain : List.<UnaryOperator<GrokChatOptions.Builder>>of(
				(options) -> options.responseFormat("text"),
				(options) -> options.extraBody(Map.of("response_format", Map.of("type", "text"))))) {
			assertThat(model(RecordingChatModel.returning(whole(RUNAWAY, ""))).call(prompt(plain)).getMetadata())
				.satisfies((metadata) -> assertThat(metadata.containsKey(EXPLANATION)).isTrue());
		}
	}

	@ParameterizedTest
	@EnumSource
	void optionOfRequestOverridesSettings(Invocation invocation) {
		ChatResponse whole = whole(RUNAWAY, "");
		RunawayGuardSettings off = new RunawayGuardSettings(false, 50, 20_000, 2000);
		assertThat(invocation.invoke(model(RecordingChatModel.returning(whole), off), prompt())).containsExactly(whole);
		assertThat(invocation.invoke(model(RecordingChatModel.returning(whole)),
				prompt((options) -> options.runawayGuard(false))))
			.containsExactly(whole);
		assertThat(this.events).isEmpty();
		model(RecordingChatModel.returning(whole), off).call(prompt((options) -> options.runawayGuard(true)));
		assertThat(this.events).containsExactly(STOPPED);
	}

	@Test
	void appliesSettings() {
		RunawayGuardSettings strict = new RunawayGuardSettings(true, 10, 30, 5);
		for (String text : List.of("ab".repeat(14), "abcdef".repeat(40), "abcde".repeat(9))) {
			model(RecordingChatModel.returning(whole(text, "")), strict).call(prompt());
		}
		assertThat(this.events).isEmpty();
		for (String text : List.of("ab".repeat(15), "abcde".repeat(10))) {
			model(RecordingChatModel.returning(whole(text, "")), strict).call(prompt());
		}
		assertThat(this.events).hasSize(2);
	}

	@Test
	void checksTextReasoningAndChoicesSeparately() {
		List<ChatResponse> elements = new ArrayList<>();
		for (int i = 0; i < 19_999; i++) {
			elements.add(new ChatResponse(List.of(choice(0, "a", "a"), choice(1, "a", "a"))));
		}
		RecordingChatModel below = new RecordingChatModel((options) -> Flux.fromIterable(elements));
		assertThat(Invocation.STREAM.invoke(model(below), prompt())).hasSize(elements.size());
		// The choices alternate
		List<ChatResponse> different = IntStream.range(0, 20_001)
			.mapToObj((i) -> new ChatResponse(List.of(choice(i % 2, (i % 2 == 0) ? "ab" : "" + (char) i, ""))))
			.toList();
		assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> Invocation.STREAM
			.invoke(model(new RecordingChatModel((options) -> Flux.fromIterable(different))), prompt()));
	}

	@Test
	void checksSubscriptionsSeparately() {
		RecordingChatModel transport = new RecordingChatModel(
				(options) -> Flux.fromIterable(pieces("a".repeat(15_000), false)));
		Flux<ChatResponse> stream = model(transport).stream(prompt());
		assertThat(stream.count().block()).isEqualTo(stream.count().block());
	}

	@Test
	void checksReasoningOfResponseMetadata() {
		ChatResponse whole = RecordingChatModel.end("short", "STOP",
				ChatResponseMetadata.builder().keyValue("reasoning", RUNAWAY));
		assertThat(model(RecordingChatModel.returning(whole)).call(prompt()).getMetadata().<String>get(EXPLANATION))
			.startsWith("The reasoning contains");
	}

	@Test
	void explainsEmptyRepetitiveResponseOnce(CapturedOutput output) {
		ChatResponse empty = new ChatResponse(
				List.of(new Generation(
						AssistantMessage.builder().content("").properties(Map.of("reasoning", RUNAWAY)).build(),
						ChatGenerationMetadata.builder().finishReason("LENGTH").build())),
				ChatResponseMetadata.builder().build());
		GrokChatModel model = GrokChatModel.builder("transport", RecordingChatModel.returning(empty))
			.options(GrokChatOptions.builder().model("grok-4.7").build())
			.decorators(List.of(
					ResponseCheckChatModel.decorator(ModelCatalog.bundled(), this.events::add, InstantSource.system()),
					RunawayGuardChatModel.decorator(RunawayGuardSettings.DEFAULT, this.events::add)))
			.build();
		assertThat(model.call(prompt()).getMetadata().<String>get(EXPLANATION)).startsWith("The reasoning contains");
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).hasSize(1);
	}

	private GrokChatModel model(RecordingChatModel transport) {
		return model(transport, RunawayGuardSettings.DEFAULT);
	}

	private GrokChatModel model(RecordingChatModel transport, RunawayGuardSettings settings) {
		return GrokChatModel.builder("transport", transport)
			.name("desk")
			.options(GrokChatOptions.builder().model("grok-4.7").build())
			.decorators(List.of(RunawayGuardChatModel.decorator(settings, this.events::add)))
			.build();
	}

	private static Prompt prompt() {
		return prompt(UnaryOperator.identity());
	}

	private static Prompt prompt(UnaryOperator<GrokChatOptions.Builder> options) {
		return new Prompt("hi", options.apply(GrokChatOptions.builder().model("grok-4.7")).build());
	}

	private static ChatResponse whole(String text, String reasoning) {
		Map<String, Object> properties = reasoning.isEmpty() ? Map.of() : Map.of("reasoning", reasoning);
		return new ChatResponse(
				List.of(new Generation(AssistantMessage.builder().content(text).properties(properties).build(),
						ChatGenerationMetadata.builder().finishReason("STOP").build())),
				ChatResponseMetadata.builder().build());
	}

	private static List<ChatResponse> pieces(String text, boolean reasoning) {
		Random random = new Random(text.length());
		List<ChatResponse> pieces = new ArrayList<>();
		for (int from = 0; from < text.length();) {
			int to = Math.min(text.length(), from + 1 + random.nextInt(12));
			String piece = text.substring(from, to);
			pieces.add(new ChatResponse(
					List.of(reasoning ? choice(0, "", piece) : new Generation(new AssistantMessage(piece)))));
			from = to;
		}
		return pieces;
	}

	private static Generation choice(int index, String text, String reasoning) {
		return new Generation(AssistantMessage.builder()
			.content(text)
			.properties(Map.of("index", index, "reasoning-delta", reasoning))
			.build());
	}

	private static String lines(int count, IntFunction<String> line) {
		return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining());
	}

	private static String words(int atLeast, long seed) {
		Random random = new Random(seed);
		StringBuilder text = new StringBuilder();
		while (text.length() < atLeast) {
			for (int letters = 1 + random.nextInt(9); letters > 0; letters--) {
				text.append((char) ('a' + random.nextInt(26)));
			}
			text.append(' ');
		}
		return text.toString();
	}

	private static String base64(int length) {
		byte[] bytes = new byte[length];
		new Random(8).nextBytes(bytes);
		return Base64.getEncoder().encodeToString(bytes);
	}

}
