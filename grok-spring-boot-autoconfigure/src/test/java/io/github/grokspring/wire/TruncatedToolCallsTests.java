package io.github.grokspring.wire;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import io.github.grokspring.catalog.ModelCatalog;
import io.github.grokspring.chain.ChatResponses;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.completions.ChatCompletionsModel;
import io.github.grokspring.connection.HttpSettings;
import io.github.grokspring.connection.ReactorXaiHttpClient;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.openai.OpenAiTransport;
import io.github.grokspring.responses.ResponsesModel;
import io.github.grokspring.scrub.ResponseCheckChatModel;
import io.github.grokspring.test.XaiServerExtension;
import io.micrometer.observation.ObservationRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the tool calls of incomplete responses are not executed.
 */
@ExtendWith(OutputCaptureExtension.class)
class TruncatedToolCallsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final AtomicInteger written = new AtomicInteger();

	private ReactorXaiHttpClient exchange;

	private OpenAiTransport openAi;

	@BeforeEach
	void start() {
		HttpSettings settings = HttpSettings.defaults().withBaseUrl(xai.baseUrl());
		this.exchange = ReactorXaiHttpClient.create(settings, xai::apiKey);
		this.openAi = OpenAiTransport.create(settings, xai::apiKey, null, ModelCatalog.bundled(),
				ObservationRegistry.NOOP, null);
	}

	@AfterEach
	void stop() {
		this.exchange.close();
		this.openAi.close();
	}

	static Stream<Arguments> truncated() {
		return Stream.of("{\"path\":\"a.txt\"", "{\"path\":\"a.txt\"}", "{\"path\":", "")
			.flatMap((arguments) -> Stream.of(Transport.values())
				.flatMap((transport) -> transport.reasons()
					.flatMap((reason) -> Stream.of(true, false)
						.map((stream) -> Arguments.of(transport, stream, reason, arguments)))));
	}

	@ParameterizedTest
	@MethodSource("truncated")
	void toolCallsOfAnIncompleteResponseAreNotExecuted(Transport transport, boolean stream, String reason,
			String arguments) {
		xai.answersWithToolCall("write_file", arguments).finishReason(reason);
		ChatClient client = ChatClient.builder(model(transport)).defaultTools(new Files()).build();
		if (stream) {
			client.prompt("Write a.txt").stream().content().blockLast(PATIENCE);
		}
		else {
			ChatResponse response = client.prompt("Write a.txt").call().chatResponse();
			assertThat(response.hasToolCalls()).isFalse();
			assertThat(response.getResult().getMetadata().getFinishReason()).isEqualToIgnoringCase(reason);
		}
		assertThat(this.written).hasValue(0);
		assertThat(xai.requestCount()).isOne();
	}

	static Stream<Arguments> invocations() {
		return Stream.of(Transport.values())
			.flatMap((transport) -> Stream.of(true, false).map((stream) -> Arguments.of(transport, stream)));
	}

	@ParameterizedTest
	@MethodSource("invocations")
	void removedCallsStayInTheMetadataWithAnExplanationThatNamesTheLimit(Transport transport, boolean stream,
			CapturedOutput output) {
		GrokChatModel model = model(transport);
		Prompt prompt = new Prompt("Write", GrokChatOptions.builder().maxTokens(7).build());
		for (int i = 0; i < 2; i++) {
			xai.answersWithToolCall("write_file", "{\"path\":\"a.txt\"").finishReason("length");
			ChatResponse last = stream ? model.stream(prompt).blockLast(PATIENCE) : model.call(prompt);
			assertThat(last.getResult().getMetadata().getFinishReason()).isEqualTo("LENGTH");
			assertThat(last.hasToolCalls()).isFalse();
			assertThat(last.getMetadata().<List<AssistantMessage.ToolCall>>get(ChatResponses.TRUNCATED_TOOL_CALLS))
				.singleElement()
				.satisfies((call) -> assertThat(call.name()).isEqualTo("write_file"))
				.satisfies((call) -> assertThat(call.arguments()).isEqualTo("{\"path\":\"a.txt\""));
			assertThat(last.getMetadata().<String>get("grok.explanation")).contains("max-tokens 7")
				.contains("not executed");
		}
		assertThat(output.getOut().lines().filter((line) -> line.contains("WARN"))).singleElement()
			.asString()
			.contains("grok-4.3", "max-tokens 7")
			.doesNotContain("a.txt");
	}

	@ParameterizedTest
	@MethodSource("invocations")
	void callsOfCompleteResponseAreExecuted(Transport transport, boolean stream) {
		xai.answersWithToolCall("write_file", "{\"path\":\"a.txt\",\"content\":\"x\"}");
		xai.answers("Done");
		ChatClient client = ChatClient.builder(model(transport)).defaultTools(new Files()).build();
		String text = stream
				? String.join("", client.prompt("Write a.txt").stream().content().collectList().block(PATIENCE))
				: client.prompt("Write a.txt").call().content();
		assertThat(text).isEqualTo("Done");
		assertThat(this.written).hasValue(1);
	}

	private GrokChatModel model(Transport transport) {
		ChatModel end = switch (transport) {
			case CHAT_COMPLETIONS -> ChatCompletionsModel.builder(this.exchange).build();
			case RESPONSES -> ResponsesModel.builder(this.exchange).build();
			case OPEN_AI -> this.openAi;
		};
		return GrokChatModel.builder("transport", end)
			.options(GrokChatOptions.builder().model("grok-4.3").build())
			.decorators(List.of(ResponseCheckChatModel.decorator(ModelCatalog.bundled(), GrokEventListener.none(),
					InstantSource.system())))
			.build();
	}

	enum Transport {

		CHAT_COMPLETIONS, RESPONSES, OPEN_AI;

		Stream<String> reasons() {
			return (this != RESPONSES) ? Stream.of("length", "content_filter") : Stream.of("length");
		}

	}

	class Files {

		@Tool(name = "write_file", description = "Writes a file")
		String write(String path, String content) {
			TruncatedToolCallsTests.this.written.incrementAndGet();
			return "ok";
		}

	}

}
