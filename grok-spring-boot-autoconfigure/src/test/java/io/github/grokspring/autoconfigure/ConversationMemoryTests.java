package io.github.grokspring.autoconfigure;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Stream;

import io.github.grokspring.chain.GrokApi;
import io.github.grokspring.chain.GrokChatOptions;
import io.github.grokspring.error.GrokApiException;
import io.github.grokspring.memory.JdbcMessageRepository;
import io.github.grokspring.test.XaiServerExtension;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import org.springframework.ai.chat.client.ChatClient;
import org.springframework.ai.chat.client.advisor.MessageChatMemoryAdvisor;
import org.springframework.ai.chat.client.advisor.ToolCallingAdvisor;
import org.springframework.ai.chat.client.advisor.api.Advisor;
import org.springframework.ai.chat.memory.ChatMemory;
import org.springframework.ai.chat.memory.ChatMemoryRepository;
import org.springframework.ai.chat.memory.InMemoryChatMemoryRepository;
import org.springframework.ai.chat.memory.MessageWindowChatMemory;
import org.springframework.ai.chat.memory.repository.jdbc.JdbcChatMemoryRepository;
import org.springframework.ai.chat.messages.AssistantMessage;
import org.springframework.ai.chat.messages.Message;
import org.springframework.ai.chat.messages.UserMessage;
import org.springframework.ai.chat.model.ChatModel;
import org.springframework.ai.chat.model.ChatResponse;
import org.springframework.ai.chat.model.Generation;
import org.springframework.ai.tool.annotation.Tool;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceInitializationAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Conversations that outlive the application: what xAI gets back of them.
 */
class ConversationMemoryTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final String SEARCH = """
			{"type":"web_search_call","id":"ws_1","status":"completed","action":{"type":"search", "query":"\u00fc"}}""";

	private static final String CALL = """
			{"type":"function_call","id":"fc_1","call_id":"call-1","name":"now","arguments":"{}","status":"completed"}""";

	@RegisterExtension
	static final XaiServerExtension xai = XaiServerExtension.start();

	/** As nobody would write it again: blanks, escapes, characters of four bytes. */
	private static String reasoning;

	private static String output;

	@BeforeAll
	static void think() throws IOException, InterruptedException {
		reasoning = """
				{ "type":"reasoning","id":"rs_1", "summary":[ ],"encrypted_content":"%s",\
				"later": [1.50e1,"\\u00e4\\/\\u0000 \u00e4\u4e16\ud83d\ude00"] }"""
			.formatted(encrypted().replace("/", "\\/"));
		output = """
				{"summary":[],"id":"tco_1","type":"reasoning","encrypted_content":"%s"}""".formatted(encrypted());
	}

	private static String encrypted() throws IOException, InterruptedException {
		HttpRequest request = HttpRequest.newBuilder(URI.create(xai.baseUrl() + "/responses"))
			.header("Authorization", "Bearer " + xai.apiKey())
			.header("Content-Type", "application/json")
			.POST(HttpRequest.BodyPublishers.ofString("""
					{"model":"grok-4.3","input":"Think","include":["reasoning.encrypted_content"]}"""))
			.build();
		xai.answers("Well").reasoning("Hm");
		String answer = HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.build()
			.send(request, HttpResponse.BodyHandlers.ofString())
			.body();
		return JsonMapper.shared().readTree(answer).at("/output/0/encrypted_content").asString();
	}

	private final String database = "jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1";

	private final ChatMemoryRepository inMemory = new InMemoryChatMemoryRepository();

	private final ApplicationContextRunner runner = ContextRunners.starter()
		.withConfiguration(AutoConfigurations.of(GrokChatMemoryAutoConfiguration.class))
		.withPropertyValues("grok.base-url=" + xai.baseUrl(), "grok.api-key=" + xai.apiKey(),
				"grok.chat.encrypted-reasoning=true");

	private ApplicationContextRunner jdbc() {
		return this.runner
			.withConfiguration(AutoConfigurations.of(DataSourceAutoConfiguration.class,
					DataSourceTransactionManagerAutoConfiguration.class, JdbcTemplateAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=" + this.database, "grok.memory.store=jdbc");
	}

	private ApplicationContextRunner kept(String where) {
		return where.equals("jdbc") ? jdbc() : this.runner.withBean(ChatMemoryRepository.class, () -> this.inMemory);
	}

	static Stream<Arguments> waysToKeep() {
		return Stream.of("memory", "jdbc")
			.flatMap((where) -> Stream.of(false, true).map((stream) -> Arguments.of(where, stream)));
	}

	@ParameterizedTest
	@MethodSource("waysToKeep")
	void reasoningGoesBackByteForByteAfterTheApplicationBegunAnew(String where, boolean stream) {
		kept(where).run((context) -> {
			answers(stream, reasoning, SEARCH, output, message("Ruby 4 \u00e4"));
			assertThat(ask(client(context), "Which Ruby?", stream)).isEqualTo("Ruby 4 \u00e4");
		});
		kept(where).run((context) -> {
			answers(stream, message("December."));
			assertThat(ask(client(context), "Since when?", stream)).isEqualTo("December.");
		});
		byte[] body = xai.lastRequest().body().getBytes(StandardCharsets.UTF_8);
		assertThat(body).containsSequence((reasoning + "," + SEARCH + "," + output).getBytes(StandardCharsets.UTF_8));
		assertThat(types()).containsExactly("user", "reasoning", "web_search_call", "reasoning", "assistant", "user");
	}

	@ParameterizedTest
	@MethodSource("waysToKeep")
	void reasoningOfEachRoundOfToolsIsKeptWhereTheMemoryTakesPartInTheLoop(String where, boolean stream) {
		Function<ApplicationContext, ChatClient> inner = (context) -> client(context,
				MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class))
					.order(ToolCallingAdvisor.DEFAULT_ORDER + 1)
					.build());
		kept(where).run((context) -> {
			answers(stream, reasoning, CALL);
			answers(stream, output, message("Noon."));
			assertThat(ask(inner.apply(context), "What time is it?", stream)).isEqualTo("Noon.");
			assertThat(types()).containsExactly("user", "reasoning", "function_call", "function_call_output");
		});
		kept(where).run((context) -> {
			answers(stream, message("Yes."));
			assertThat(ask(inner.apply(context), "Lunch?", stream)).isEqualTo("Yes.");
		});
		assertThat(types()).containsExactly("user", "reasoning", "function_call", "function_call_output", "reasoning",
				"assistant", "user");
		assertThat(xai.lastRequest().body()).contains(reasoning, output, "12:00");
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "jdbc" })
	void reasoningOfTheLastRoundIsKeptWhereTheMemoryStandsAroundTheLoop(String where) {
		kept(where).run((context) -> {
			answers(false, reasoning, CALL);
			answers(false, output, message("Noon."));
			ask(client(context), "What time is it?", false);
		});
		kept(where).run((context) -> {
			answers(false, message("Yes."));
			ask(client(context), "Lunch?", false);
		});
		assertThat(types()).containsExactly("user", "reasoning", "assistant", "user");
		assertThat(xai.lastRequest().body()).contains(output);
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "jdbc" })
	void anotherModelAndAnotherEndpointAreNotSentIt(String where) {
		kept(where).run((context) -> {
			answers(false, reasoning, message("Ruby 4."));
			ask(client(context), "Which Ruby?", false);
			xai.answers("December.");
			ask(client(context).mutate().defaultOptions(GrokChatOptions.builder().model("grok-4.5")).build(),
					"Since when?", false);
			assertThat(xai.lastRequest().body()).doesNotContain("encrypted_content\":").contains("Ruby 4.");
			xai.answers("Yes.");
			ask(client(context).mutate()
				.defaultOptions(GrokChatOptions.builder().api(GrokApi.CHAT_COMPLETIONS).encryptedReasoning(false))
				.build(), "Sure?", false);
			assertThat(xai.lastRequest().path()).isEqualTo("/v1/chat/completions");
			assertThat(xai.lastRequest().body()).doesNotContain("encrypted_content\":").contains("Ruby 4.");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "memory", "jdbc" })
	void aModelOfSomebodyElseMayTakePartInTheConversation(String where) {
		kept(where).run((context) -> {
			answers(false, reasoning, message("Ruby 4."));
			ask(client(context), "Which Ruby?", false);
			List<Message> seen = new ArrayList<>();
			ChatModel other = (prompt) -> {
				seen.addAll(prompt.getInstructions());
				return new ChatResponse(List.of(new Generation(AssistantMessage.builder()
					.content("December.")
					.properties(Map.of("reasoning", "Hm", "encrypted_content", "of theirs", "thoughtSignatures",
							List.of("of theirs")))
					.build())));
			};
			ChatClient theirs = ChatClient.builder(other)
				.defaultAdvisors(MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class)).build())
				.build();
			assertThat(ask(theirs, "Since when?", false)).isEqualTo("December.");
			assertThat(seen).extracting(Message::getText).containsExactly("Which Ruby?", "Ruby 4.", "Since when?");
			answers(false, message("Yes."));
			assertThat(ask(client(context), "Sure?", false)).isEqualTo("Yes.");
			assertThat(types()).containsExactly("user", "reasoning", "assistant", "user", "assistant", "user");
			assertThat(xai.lastRequest().body()).contains(reasoning, "December.").doesNotContain("theirs", "Hm\"");
		});
	}

	@ParameterizedTest
	@ValueSource(ints = { 3, 4, 5, 6 })
	void aWindowNeverCutsATurnInTwo(int size) {
		jdbc().run((context) -> {
			ChatClient client = clientWithWindow(context, size);
			for (int turn = 0; turn < 3; turn++) {
				answers(false, reasoning, CALL.replace("call-1", "call-" + turn));
				answers(false, output, message("Noon."));
				ask(client, "What time is it?", false);
			}
		});
		assertThat(xai.requests()).hasSize(6).allSatisfy((request) -> {
			List<String> calls = request.inputItems("function_call").stream().map(ConversationMemoryTests::id).toList();
			assertThat(request.inputItems("function_call_output")).extracting(ConversationMemoryTests::id)
				.isEqualTo(calls);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void aWindowThatIsTooSmallForATurnIsNamedAsTheReason(boolean stream) {
		jdbc().run((context) -> {
			answers(stream, reasoning, CALL);
			assertThatExceptionOfType(GrokApiException.class)
				.isThrownBy(() -> ask(clientWithWindow(context, 1), "What time is it?", stream))
				.withMessageContaining("chat memory")
				.satisfies((ex) -> assertThat(ex.isSent()).isFalse());
			assertThat(xai.requestCount()).isOne();
		});
	}

	@Test
	void aCallThatWasNeverAnsweredDoesNotBlockTheConversation() {
		jdbc().run((context) -> {
			ChatMemoryRepository repository = context.getBean(ChatMemoryRepository.class);
			repository.saveAll("a conversation",
					List.of(new UserMessage("What time is it?"),
							AssistantMessage.builder()
								.content("")
								.toolCalls(List.of(new AssistantMessage.ToolCall("call-1", "function", "now", "{}")))
								.build()));
			answers(false, message("Noon."));
			ask(client(context), "Well?", false);
			assertThat(types()).containsExactly("user", "user");
		});
	}

	private static ChatClient clientWithWindow(ApplicationContext context, int size) {
		ChatMemory memory = MessageWindowChatMemory.builder()
			.chatMemoryRepository(context.getBean(ChatMemoryRepository.class))
			.maxMessages(size)
			.build();
		return client(context, ToolCallingAdvisor.builder().disableInternalConversationHistory().build(),
				MessageChatMemoryAdvisor.builder(memory).order(ToolCallingAdvisor.DEFAULT_ORDER + 1).build());
	}

	private static String id(JsonNode item) {
		return item.path("call_id").asString();
	}

	@Test
	void theRepositoryOfSpringAiForgetsWhatOursKeeps() {
		jdbc().withPropertyValues("grok.memory.store=none").run((context) -> {
			JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
			jdbc.execute("CREATE TABLE SPRING_AI_CHAT_MEMORY (conversation_id VARCHAR(36), content LONGVARCHAR,"
					+ " type VARCHAR(10), timestamp TIMESTAMP, sequence_id BIGINT)");
			ChatMemory memory = MessageWindowChatMemory.builder()
				.chatMemoryRepository(JdbcChatMemoryRepository.builder().jdbcTemplate(jdbc).build())
				.build();
			ChatClient client = client(context, MessageChatMemoryAdvisor.builder(memory).build());
			answers(false, reasoning, message("Ruby 4."));
			ask(client, "Which Ruby?", false);
			answers(false, message("December."));
			ask(client, "Since when?", false);
			assertThat(types()).containsExactly("user", "assistant", "user");
		});
	}

	@Test
	void nothingIsKeptInADatabaseUnlessAskedFor() {
		jdbc().withPropertyValues("grok.memory.store=none")
			.run((context) -> assertThat(context).hasSingleBean(InMemoryChatMemoryRepository.class)
				.doesNotHaveBean(JdbcMessageRepository.class));
	}

	@Test
	void aRepositoryOfTheApplicationGoesFirst() {
		jdbc().withBean(ChatMemoryRepository.class, () -> this.inMemory)
			.run((context) -> assertThat(context.getBean(ChatMemoryRepository.class)).isSameAs(this.inMemory));
	}

	@Test
	void theTableIsMadeByWhoeverSaysSo() {
		jdbc().withPropertyValues("grok.memory.jdbc.initialize-schema=always", "grok.memory.jdbc.platform=h2")
			.run((context) -> assertThat(tables(context)).isOne());
	}

	@Test
	void missingTableEndsTheStart(@TempDir Path directory) {
		String file = "spring.datasource.url=jdbc:h2:file:" + directory.resolve("app");
		jdbc().withPropertyValues(file)
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining(
						"'grok.memory.jdbc.initialize-schema' is 'embedded', but the database has no table"
								+ " 'grok_chat_memory'")
				.hasMessageContaining("Set the property to 'always'"));
		jdbc().withPropertyValues("grok.memory.jdbc.initialize-schema=never")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("is 'never', but the database has no table"));
		jdbc().withPropertyValues(file, "grok.memory.jdbc.initialize-schema=always")
			.run((context) -> assertThat(context).hasNotFailed());
		for (String mode : List.of("embedded", "never")) {
			jdbc().withPropertyValues(file, "grok.memory.jdbc.initialize-schema=" + mode)
				.run((context) -> assertThat(tables(context)).isOne());
		}
	}

	@Test
	void tableOfTheApplicationsScriptsIsThereInTime(@TempDir Path directory) {
		jdbc().withConfiguration(AutoConfigurations.of(DataSourceInitializationAutoConfiguration.class))
			.withPropertyValues("spring.datasource.url=jdbc:h2:file:" + directory.resolve("app"),
					"spring.sql.init.mode=always",
					"spring.sql.init.schema-locations=classpath:io/github/grokspring/memory/schema-h2.sql")
			.run((context) -> assertThat(tables(context)).isOne());
	}

	@ParameterizedTest
	@ValueSource(strings = { "h2", "oracle", "derby" })
	void aTableThatIsThereIsNotMadeAgain(String platform) {
		for (int start = 0; start < 2; start++) {
			jdbc().withPropertyValues("grok.memory.jdbc.initialize-schema=always",
					"grok.memory.jdbc.platform=" + platform, "spring.datasource.url=" + this.database + ";MODE=Oracle")
				.run((context) -> assertThat(tables(context)).isOne());
		}
	}

	private static int tables(ApplicationContext context) {
		return context.getBean(JdbcTemplate.class)
			.queryForList("SELECT table_name FROM information_schema.tables WHERE table_name = 'GROK_CHAT_MEMORY'",
					String.class)
			.size();
	}

	@Test
	void withoutADataSourceTheApplicationSaysWhatIsMissing() {
		this.runner.withPropertyValues("grok.memory.store=jdbc")
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("'grok.memory.store' is 'jdbc', but there is no unique DataSource"));
		this.runner.withPropertyValues("grok.memory.store=jdbc")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.jdbc", "org.springframework.jdbc"))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.isInstanceOf(GrokConfigurationException.class)
				.hasMessageContaining("spring-boot-starter-jdbc"));
	}

	@Test
	void anUnknownStoreIsNoticed() {
		this.runner.withPropertyValues("grok.memory.store=jdcb").run((context) -> assertThat(context).hasFailed());
	}

	@Test
	void aNativeImageHasTheSchemas() {
		RuntimeHints hints = new RuntimeHints();
		new GrokChatMemoryAutoConfiguration.Hints().registerHints(hints, null);
		assertThat(RuntimeHintsPredicates.resource().forResource("io/github/grokspring/memory/schema-h2.sql"))
			.accepts(hints);
	}

	@Test
	void withoutJdbcNothingIsMissed() {
		this.runner
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.jdbc", "org.springframework.jdbc"))
			.run((context) -> assertThat(context).hasSingleBean(InMemoryChatMemoryRepository.class));
	}

	private static ChatClient client(ApplicationContext context) {
		return client(context, MessageChatMemoryAdvisor.builder(context.getBean(ChatMemory.class)).build());
	}

	private static ChatClient client(ApplicationContext context, Advisor... advisors) {
		return context.getBean(ChatClient.class).mutate().defaultAdvisors(advisors).defaultTools(new Clock()).build();
	}

	private static String ask(ChatClient client, String question, boolean stream) {
		ChatClient.ChatClientRequestSpec request = client.prompt(question)
			.advisors((spec) -> spec.param(ChatMemory.CONVERSATION_ID, "a conversation"));
		return stream ? String.join("", request.stream().content().collectList().block(PATIENCE))
				: request.call().content();
	}

	private static List<String> types() {
		return xai.lastRequest()
			.parameter("input")
			.valueStream()
			.map((item) -> item.path("type").asString(item.path("role").asString()))
			.toList();
	}

	private static String message(String text) {
		return "{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\",\"text\":\"" + text
				+ "\",\"annotations\":[]}]}";
	}

	private static void answers(boolean stream, String... items) {
		String response = "{\"id\":\"r-1\",\"status\":\"completed\",\"model\":\"grok-4.3\",\"output\":["
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
