package io.github.grokspring.autoconfigure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatModel;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.ErrorKind;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.event.AttemptFinished;
import io.github.grokspring.event.GrokEventListener;
import io.github.grokspring.test.XaiServerExtension;
import io.github.grokspring.tool.ServerTool;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.ai.tool.function.FunctionToolCallback;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Gateways without a Responses API, and conversations whose reasoning xAI cannot decrypt.
 */
@ExtendWith(OutputCaptureExtension.class)
class EndpointFallbackTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHAT = "/v1/chat/completions";

	private static final String RESPONSES = "/v1/responses";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final List<AttemptFinished> attempts = new ArrayList<>();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.chat.model=grok-4.7")
		.withBean(GrokEventListener.class, () -> (event) -> {
			if (event instanceof AttemptFinished attempt) {
				this.attempts.add(attempt);
			}
		});

	@BeforeEach
	void forget() {
		xai.reset();
	}

	static Stream<Arguments> missing() {
		return Stream
			.of(new String[] { "404", "text/plain", "404 page not found" },
					new String[] { "405", "text/html", "<html>" },
					new String[] { "404", "application/json", "{\"error\":{\"message\":\"Unknown path\"}}" },
					new String[] { "404", "application/json", "{\"detail\":\"Not Found\"}" })
			.flatMap((answer) -> Stream.of("call", "stream", "call without retries", "stream without retries")
				.map((way) -> Arguments.of(Integer.parseInt(answer[0]), answer[1], answer[2], way)));
	}

	@ParameterizedTest
	@MethodSource("missing")
	void aGatewayWithoutResponsesApiIsAskedForChatCompletions(int status, String type, String body, String way,
			CapturedOutput output) {
		boolean stream = way.startsWith("stream");
		this.runner.withPropertyValues("grok.retry.enabled=" + !way.contains("without")).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answersRaw(status, type, body);
			xai.answers("Noon.");
			ChatResponse response = ask(model, offeringTools().build(), stream);
			assertThat(paths()).containsExactly(RESPONSES, CHAT);
			assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
			assertThat(response.getMetadata().<String>get("grok.api")).isEqualTo("chat-completions");
			xai.answers("One.");
			assertThat(ask(model, offeringTools().build(), stream).getMetadata().<Integer>get("grok.attempts")).isOne();
			assertThat(paths()).containsExactly(RESPONSES, CHAT, CHAT);
			assertThat(output.getOut()).containsOnlyOnce("has no Responses API");
			assertThat(this.attempts).extracting(AttemptFinished::api)
				.containsExactly("responses", "chat-completions", "chat-completions");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aLoopOfToolsRunsOnTheGateway(boolean stream) {
		this.runner.run((context) -> {
			ChatClient client = context.getBean(ChatClient.class).mutate().defaultTools(new Clock()).build();
			xai.answersRaw(404, "text/plain", "404 page not found");
			xai.answersWithToolCall("now", "{}");
			xai.answers("Noon.");
			ChatClient.ChatClientRequestSpec request = client.prompt("What time is it?");
			assertThat(stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
					: request.call().content())
				.isEqualTo("Noon.");
			assertThat(paths()).containsExactly(RESPONSES, CHAT, CHAT);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void attemptsOfTheTransportOfSpringAiAreCountedOnChatCompletions(boolean stream) {
		this.runner.withPropertyValues("grok.chat.transport=spring-ai", "grok.retry.enabled=false").run((context) -> {
			xai.failsWith(503);
			assertThatExceptionOfType(GrokApiException.class).isThrownBy(
					() -> ask(context.getBean(GrokChatModel.class), offeringTools().build(), stream).getResult());
			assertThat(this.attempts).extracting(AttemptFinished::api).containsExactly("chat-completions");
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void whatCannotDoWithoutTheResponsesApiFails(boolean stream) {
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (GrokChatOptions.Builder options : List.of(offeringTools().serverTools(ServerTool.webSearch()),
					offeringTools().previousResponseId("r-1"), offeringTools().store(true),
					offeringTools().api(GrokApi.RESPONSES))) {
				xai.reset();
				xai.answersRaw(404, "text/plain", "404 page not found");
				assertThatExceptionOfType(GrokApiException.class).isThrownBy(() -> ask(model, options.build(), stream))
					.satisfies((ex) -> assertThat(ex.status()).isEqualTo(404));
				assertThat(paths()).containsExactly(RESPONSES);
			}
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aGatewayThatKnowsNothingAtAllIsNotTakenForOneWithoutResponsesApi(boolean stream, CapturedOutput output) {
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			xai.answersRaw(404, "text/plain", "404 page not found");
			xai.answersRaw(404, "text/plain", "404 page not found");
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> ask(model, offeringTools().build(), stream))
				.satisfies((ex) -> assertThat(ex.attempts()).isEqualTo(2));
			xai.answers("Noon.");
			ask(model, offeringTools().build(), stream);
			assertThat(paths()).containsExactly(RESPONSES, CHAT, RESPONSES);
			assertThat(output.getOut()).doesNotContain("has no Responses API");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "call", "stream", "call without retries", "stream without retries" })
	void reasoningThatCannotBeDecryptedIsLeftOutFromThenOn(String way, CapturedOutput output) {
		boolean stream = way.startsWith("stream");
		this.runner.withPropertyValues("grok.retry.enabled=" + !way.contains("without")).run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			Prompt prompt = new Prompt(
					List.of(new UserMessage("Which Ruby?"), kept("blob-1"), new UserMessage("Since when?")));
			xai.answers("December.");
			ChatResponse response = ask(model, prompt, stream);
			assertThat(response.getMetadata().<Integer>get("grok.attempts")).isEqualTo(2);
			assertThat(response.getMetadata().<Integer>get("grok.reasoning-dropped")).isOne();
			assertThat(xai.requests()).extracting((request) -> request.body().contains("blob-1"))
				.containsExactly(true, false);
			xai.answers("Yes.");
			Prompt next = new Prompt(List.of(new UserMessage("Which Ruby?"), kept("blob-1"),
					new UserMessage("Since when?"), new AssistantMessage("December."), new UserMessage("Sure?")));
			response = ask(model, next, stream);
			assertThat(response.getMetadata().<Integer>get("grok.attempts")).isOne();
			assertThat(response.getMetadata().<Integer>get("grok.reasoning-dropped")).isOne();
			assertThat(xai.lastRequest().body()).doesNotContain("blob-1").contains("Ruby 4.");
			// Another conversation has reasoning of its own
			xai.answers("No.");
			ask(model, new Prompt(List.of(new UserMessage("hi"), kept("blob-2"), new UserMessage("bye"))), stream);
			assertThat(xai.requests()).extracting((request) -> request.body().contains("blob-2"))
				.containsExactly(false, false, false, true, false);
			assertThat(output.getOut()).containsOnlyOnce("could not decrypt the reasoning")
				.doesNotContain("blob-1", "blob-2");
			assertThat(this.attempts).extracting(AttemptFinished::outcome)
				.containsExactly("undecryptable_reasoning", "success", "success", "undecryptable_reasoning", "success");
		});
	}

	@Test
	void reasoningThatIsRefusedAlthoughNoneWasSentIsAFailure() {
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (boolean stream : new boolean[] { false, true }) {
				xai.answersRaw(400, "application/json",
						"{\"code\":\"invalid-argument\",\"error\":\"Could not decrypt the "
								+ "provided encrypted_content. Ensure the value is the unmodified one.\"}");
				assertThatExceptionOfType(GrokApiException.class)
					.isThrownBy(() -> ask(model, GrokChatOptions.builder().api(GrokApi.RESPONSES).build(), stream))
					.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.UNDECRYPTABLE_REASONING))
					.satisfies((ex) -> assertThat(ex.isRetryable()).isFalse());
			}
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@Test
	void onlyTheRefusalOfTheReasoningIsSentAgain() {
		this.runner.withPropertyValues("grok.retry.enabled=false").run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (int i = 0; i < 2; i++) {
				xai.answersRaw(400, "application/json",
						"{\"code\":\"invalid-argument\",\"error\":\"Could not decrypt the provided encrypted_content.\"}");
			}
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> ask(model,
						new Prompt(List.of(new UserMessage("hi"), kept("blob-1"), new UserMessage("bye"))), false))
				.satisfies((ex) -> assertThat(ex.kind()).isEqualTo(ErrorKind.UNDECRYPTABLE_REASONING));
			assertThat(xai.requestCount()).isEqualTo(2);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aFunctionThatIsCalledAsAServerSideToolIsExplainedAndNotExecuted(boolean stream, CapturedOutput output) {
		String response = """
				{"id":"r-1","status":"completed","model":"grok-4.7","output":[{"type":"code_interpreter_call","id":"ci_1",\
				"name":"now","arguments":"{}","status":"completed"}],"usage":{"input_tokens":20,"output_tokens":30,\
				"output_tokens_details":{"reasoning_tokens":30},"total_tokens":50}}""";
		this.runner.run((context) -> {
			GrokChatModel model = context.getBean(GrokChatModel.class);
			for (int i = 0; i < 2; i++) {
				if (stream) {
					xai.streamsRaw("event: response.completed\ndata: {\"response\":" + response + "}\n\n");
				}
				else {
					xai.answersRaw(200, "application/json", response);
				}
				ChatResponse answer = ask(model, offeringTools().build(), stream);
				assertThat(answer.getMetadata().<String>get("grok.explanation")).contains("'now'", "not executed");
				assertThat(answer.hasToolCalls()).isFalse();
			}
			assertThat(output.getOut()).containsOnlyOnce("called the application's tool 'now'");
		});
	}

	private static AssistantMessage kept(String blob) {
		return AssistantMessage.builder()
			.content("Ruby 4.")
			.properties(Map.of("grok.reasoning-items",
					List.of("{\"type\":\"reasoning\",\"summary\":[],\"encrypted_content\":\"" + blob + "\"}",
							"message"),
					"grok.reasoning-models", List.of("grok-4.7")))
			.build();
	}

	private static GrokChatOptions.Builder offeringTools() {
		return GrokChatOptions.builder()
			.toolCallbacks(List.of(FunctionToolCallback.builder("now", () -> "12:00").description("Time").build()));
	}

	private static ChatResponse ask(GrokChatModel model, GrokChatOptions options, boolean stream) {
		return ask(model, new Prompt("What time is it?", options), stream);
	}

	private static ChatResponse ask(GrokChatModel model, Prompt prompt, boolean stream) {
		return stream ? model.stream(prompt).blockLast(PATIENCE) : model.call(prompt);
	}

	private static List<String> paths() {
		return xai.requests().stream().map((request) -> request.path()).toList();
	}

	static class Clock {

		@Tool(description = "Tells the time")
		String now() {
			return "12:00";
		}

	}

}
