package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Rounds of tools and turns of conversations with models that reason, through the
 * injected {@link ChatClient}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ReasoningBetweenRoundsTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String CHAT = "/v1/chat/completions";

	private static final String RESPONSES = "/v1/responses";

	private static final int ROUNDS = 5;

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(GrokChatMemoryAutoConfiguration.class))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey());

	@BeforeEach
	void forget() {
		xai.reset();
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.7, false", "grok-4.7, true", "grok-4.6, false", "grok-4.6, true", "grok-4.5, true",
			"grok-4.20-0309-reasoning, false", "grok-4.20-reasoning, true" })
	void reasoningOfAModelThatAlwaysReasonsGoesBackInEachRound(String model, boolean stream) {
		this.runner.withPropertyValues("grok.chat.model=" + model).run((context) -> {
			script();
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			assertThat(paths()).hasSize(ROUNDS + 1).containsOnly(RESPONSES);
			List<List<JsonNode>> reasoning = xai.requests()
				.stream()
				.map((request) -> request.inputItems("reasoning"))
				.toList();
			for (int round = 0; round <= ROUNDS; round++) {
				assertThat(reasoning.get(round)).hasSize(round)
					.allSatisfy((item) -> assertThat(item.path("encrypted_content").asString()).isNotEmpty());
				assertThat(reasoning.get(ROUNDS).subList(0, round)).isEqualTo(reasoning.get(round));
			}
			assertThat(xai.requests()).allSatisfy((request) -> assertThat(request.body())
				.contains("\"include\":[\"reasoning.encrypted_content\"]", "\"store\":false"));
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void reasoningGoesBackByteForByte(boolean stream) {
		this.runner.withPropertyValues("grok.chat.model=grok-4.7").run((context) -> {
			List<String> sent = new ArrayList<>();
			for (int round = 0; round < ROUNDS; round++) {
				String item = """
						{ "type":"reasoning","id":"rs_%d", "summary":[ ],"encrypted_content":"%s",\
						"later": [1.50e1,"\\u00e4\\/ \u00e4\u4e16\ud83d\ude00"] }""".formatted(round,
						encrypted("grok-4.7").replace("/", "\\/"));
				sent.add(item);
			}
			xai.reset();
			for (int round = 0; round < ROUNDS; round++) {
				answers(stream, "grok-4.7", sent.get(round), call("call-" + round));
			}
			answers(stream, "grok-4.7", message("Noon."));
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			byte[] body = xai.lastRequest().body().getBytes(StandardCharsets.UTF_8);
			sent.forEach((item) -> assertThat(body).containsSequence(item.getBytes(StandardCharsets.UTF_8)));
			assertThat(types()).startsWith("user", "reasoning", "function_call", "function_call_output", "reasoning")
				.hasSize(1 + 3 * ROUNDS);
		});
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.20-0309-non-reasoning, false", "grok-4.20-0309-non-reasoning, true", "grok-4.3, false",
			"grok-4.3, true" })
	void othersStayOnChatCompletions(String model, boolean stream) {
		this.runner.withPropertyValues("grok.chat.model=" + model).run((context) -> {
			script();
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			assertThat(paths()).hasSize(ROUNDS + 1).containsOnly(CHAT);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void anExplicitEndpointIsNeverChanged(boolean stream) {
		this.runner.withPropertyValues("grok.chat.model=grok-4.7", "grok.chat.api=chat-completions").run((context) -> {
			script();
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			assertThat(paths()).hasSize(ROUNDS + 1).containsOnly(CHAT);
		});
		xai.reset();
		this.runner.withPropertyValues("grok.chat.model=grok-4.3", "grok.chat.api=responses").run((context) -> {
			script();
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			assertThat(paths()).containsOnly(RESPONSES);
			assertThat(xai.lastRequest().inputItems("reasoning")).hasSize(ROUNDS);
		});
	}

	@Test
	void modelsThatReasonStayOnChatCompletionsWithoutTools() {
		this.runner.withPropertyValues("grok.chat.model=grok-4.7").run((context) -> {
			xai.answers("Hi");
			context.getBean(ChatClient.class).prompt("hi").call().content();
			assertThat(paths()).containsExactly(CHAT);
		});
	}

	static Stream<Arguments> waysToKeep() {
		return Stream.of("memory", "jdbc")
			.flatMap((where) -> Stream.of(false, true).map((stream) -> Arguments.of(where, stream)));
	}

	@ParameterizedTest
	@MethodSource("waysToKeep")
	void reasoningThatXaiSendsUnaskedStaysInTheConversation(String where, boolean stream) {
		kept(where).withPropertyValues("grok.chat.model=grok-4.7").run((context) -> {
			xai.answersWithToolCall("now", "{}").reasoning("I need the time.");
			xai.answers("Noon.").reasoning("It is noon.");
			ChatClient client = remembering(context, 0);
			ask(client, "What time is it?", stream);
			xai.answers("Yes.").reasoning("Hm.");
			ask(client, "Lunch?", stream);
			assertThat(types()).containsExactly("user", "reasoning", "assistant", "user");
			// No tool is offered any more, but the conversation holds its reasoning
			xai.answers("Bye.");
			ask(withoutTools(context), "Thanks", stream);
			assertThat(types()).containsExactly("user", "reasoning", "assistant", "user", "reasoning", "assistant",
					"user");
			assertThat(paths()).containsOnly(RESPONSES);
		});
	}

	@ParameterizedTest
	@CsvSource({ "grok-4.6, true, false", "grok-4.6, true, true", "grok-4.7, false, false", "grok-4.7, false, true" })
	void applicationsTellWhichModelsReturnReasoningUnasked(String model, boolean unasked, boolean stream) {
		this.runner
			.withPropertyValues("grok.chat.model=" + model,
					"grok.models.[" + model + "].returns-encrypted-reasoning=" + unasked)
			.run((context) -> {
				xai.answersWithToolCall("now", "{}").reasoning("I need the time.");
				xai.answers("Noon.").reasoning("It is noon.");
				ChatClient client = remembering(context, 0);
				ask(client, "What time is it?", stream);
				xai.answers("Yes.").reasoning("Hm.");
				ask(client, "Lunch?", stream);
				assertThat(types()).isEqualTo(unasked ? List.of("user", "reasoning", "assistant", "user")
						: List.of("user", "assistant", "user"));
			});
	}

	@ParameterizedTest
	@MethodSource("waysToKeep")
	void reasoningThatOnlyTheRoundsNeedStaysBehindInLaterTurns(String where, boolean stream) {
		kept(where).withPropertyValues("grok.chat.model=grok-4.6").run((context) -> {
			xai.answersWithToolCall("now", "{}").reasoning("I need the time.");
			xai.answers("Noon.").reasoning("It is noon.");
			ChatClient client = remembering(context, ToolCallingAdvisor.DEFAULT_ORDER + 1);
			ask(client, "What time is it?", stream);
			assertThat(types()).containsExactly("user", "reasoning", "function_call", "function_call_output");
			xai.answers("Yes.").reasoning("Hm.");
			ask(client, "Lunch?", stream);
			assertThat(types()).containsExactly("user", "function_call", "function_call_output", "assistant", "user");
			xai.answers("Bye.");
			ask(withoutTools(context), "Thanks", stream);
			assertThat(xai.lastRequest().path()).isEqualTo(CHAT);
		});
	}

	@ParameterizedTest
	@MethodSource("waysToKeep")
	void reasoningThatWasAskedForOnceGoesBackUntilAnotherEndpointIsNamed(String where, boolean stream) {
		kept(where).run((context) -> {
			ChatClient client = withoutTools(context);
			xai.answers("Ruby 4.").reasoning("Hm.");
			ask(client.mutate().defaultOptions(GrokChatOptions.builder().encryptedReasoning(true)).build(),
					"Which Ruby?", stream);
			xai.answers("December.");
			ask(client, "Since when?", stream);
			assertThat(types()).containsExactly("user", "reasoning", "assistant", "user");
			xai.answers("Yes.");
			ask(client.mutate().defaultOptions(GrokChatOptions.builder().api(GrokApi.CHAT_COMPLETIONS)).build(),
					"Sure?", stream);
			assertThat(paths()).containsExactly(RESPONSES, RESPONSES, CHAT);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void theTransportOfSpringAiWarnsOnceThatItLosesReasoning(boolean stream, CapturedOutput output) {
		this.runner.withPropertyValues("grok.chat.model=grok-4.7", "grok.chat.transport=spring-ai").run((context) -> {
			script();
			assertThat(ask(withClock(context), stream)).isEqualTo("Noon.");
			assertThat(paths()).hasSize(ROUNDS + 1).containsOnly(CHAT);
			assertThat(output.getOut()).containsOnlyOnce("its reasoning is lost between rounds of tools");
		});
	}

	private ApplicationContextRunner kept(String where) {
		return where.equals("memory") ? this.runner : this.runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:mem:" + UUID.randomUUID(), "grok.memory.store=jdbc");
	}

	private static void script() {
		for (int round = 0; round < ROUNDS; round++) {
			xai.answersWithToolCall("now", "{}").reasoning("Round " + round);
		}
		xai.answers("Noon.").reasoning("It is noon.");
	}

	private static ChatClient withClock(ApplicationContext context) {
		return context.getBean(ChatClient.class).mutate().defaultTools(new Clock()).build();
	}

	private static ChatClient remembering(ApplicationContext context, int order) {
		MessageChatMemoryAdvisor.Builder memory = MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class));
		return withClock(context).mutate()
			.defaultAdvisors(((order != 0) ? memory.order(order) : memory).build())
			.build();
	}

	private static ChatClient withoutTools(ApplicationContext context) {
		return context.getBean(ChatClient.class)
			.mutate()
			.defaultAdvisors(MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class)).build())
			.build();
	}

	private static String ask(ChatClient client, boolean stream) {
		return ask(client, "What time is it?", stream);
	}

	private static String ask(ChatClient client, String question, boolean stream) {
		ChatClient.ChatClientRequestSpec request = client.prompt(question)
			.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "a conversation"));
		return stream ? String.join("",
				request.stream().content().collectList().blockOptional(PATIENCE).orElse(Collections.emptyList()))
				: request.call().content();
	}

	private static List<String> paths() {
		return xai.requests().stream().map((request) -> request.path()).toList();
	}

	private static List<String> types() {
		return xai.lastRequest()
			.parameter("input")
			.valueStream()
			.map((item) -> item.path("type").asString(item.path("role").asString()))
			.toList();
	}

	private static String encrypted(String model) throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(xai.baseUrl() + "/responses"))
			.header("Authorization", "Bearer " + xai.apiKey())
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("""
					{"model":"%s","input":"Think","include":["reasoning.encrypted_content"]}""".formatted(model)))
			.build();
		xai.answers("Well").reasoning("Hm");
		String answer = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(request, HttpResponse.BodyHandlers.ofString())
			.body();
		return JsonMapper.shared().readTree(answer).at("/output/0/encrypted_content").asString();
	}

	private static String call(String id) {
		return "{\"type\":\"function_call\",\"id\":\"fc_1\",\"call_id\":\"" + id
				+ "\",\"name\":\"now\",\"arguments\":\"{}\",\"status\":\"completed\"}";
	}

	private static String message(String text) {
		return "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text
				+ "\",\"annotations\":[]}]}";
	}

	private static void answers(boolean stream, String model, String... items) {
		String response = "{\"id\":\"r-1\",\"status\":\"completed\",\"model\":\"" + model + "\",\"output\":["
				+ String.join(",", items) + "]}";
		if (!stream) {
			xai.answersRaw(200, "application/json", response);
			return;
		}
		StringBuilder events = new StringBuilder();
		for (int i = 0; i < items.length; i++) {
			events.append("event: response.output_item.done\ndata: {\"item\":")
				.append(items[i])
				.append(",\"output_index\":")
				.append(i)
				.append("}\n\n");
		}
		xai.streamsRaw(events.append("event: response.completed\ndata: {\"response\":")
			.append(response)
			.append("}\n\n")
			.toString());
	}

	static class Clock {

		@Tool(description = "Tells the time")
		String now() {
			return "12:00";
		}

	}

}
